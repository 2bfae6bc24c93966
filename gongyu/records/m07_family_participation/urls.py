"""The school's answers: /corrections/."""

from django.urls import path

from . import views

app_name = "corrections"
urlpatterns = [
    path("", views.corrections, name="index"),
    path("<int:pk>/", views.correction, name="answer"),
]
