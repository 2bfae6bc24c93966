"""Addresses of the notices' pages."""

from django.urls import path

from . import views_opened

app_name = "notices"
urlpatterns = [
    path("<int:pk>/<str:token>/", views_opened.opened, name="opened"),
]
