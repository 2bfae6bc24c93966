"""The family's pages that cross measures: /family/."""

from django.urls import path

from .views import family

app_name = "family"
urlpatterns = [
    path("", family.week, name="today"),
]
