"""The family's pages that cross measures: /family/."""

from django.urls import path

from .views import family

app_name = "family"
urlpatterns = [
    path("", family.week, name="today"),
    path("children/", family.records, name="records"),
    path("children/<int:pk>/", family.record, name="record"),
    path("looked/", family.looked, name="looked"),
    path("looked/<int:pk>/", family.looked_at, name="looked-at"),
]
