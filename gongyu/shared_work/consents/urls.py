"""Consents: /family/consents/ for guardians, /consents/ for those who write down what was said."""

from django.urls import path

from . import views

app_name = "consents"
urlpatterns = [
    path("family/consents/", views.family, name="family"),
    path("family/consents/<int:pk>/", views.say, name="say"),
    path("consents/children/<int:pk>/", views.child, name="child"),
]
