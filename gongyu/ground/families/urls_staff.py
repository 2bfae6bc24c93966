"""Printed codes and numbers to check, for those who work with families."""

from django.urls import path

from . import views_staff as views

app_name = "codes"
urlpatterns = [
    path("codes/", views.index, name="index"),
    path("codes/<int:pk>/", views.place, name="place"),
    path("codes/<int:pk>/ring-first/", views.ring_first, name="ring-first"),
    path("codes/<int:pk>/handed/", views.handed, name="handed"),
    path("codes/<int:pk>/end/", views.end, name="end"),
    path("numbers/", views.numbers, name="numbers"),
    path("numbers/<int:pk>/keep/", views.keep_number, name="keep-number"),
]
