from django.urls import path

from . import views

app_name = "casework"
urlpatterns = [
    path("", views.report, name="report"),
    path("receipt/", views.receipt, name="receipt"),
    path("sealed/", views.index, name="index"),
    path("sealed/<str:token>/", views.sealed, name="sealed"),
]
