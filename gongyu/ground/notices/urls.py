"""Addresses of the notices' pages."""

from django.urls import path

from . import views_opened, views_reports

app_name = "notices"
urlpatterns = [
    path("reports/<str:name>/", views_reports.reports, name="reports"),
    path("<int:pk>/<str:token>/", views_opened.opened, name="opened"),
]
