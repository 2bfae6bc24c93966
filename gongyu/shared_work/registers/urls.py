from django.urls import path

from . import views

app_name = "registers"
urlpatterns = [
    path("", views.index, name="index"),
    path("places/<int:pk>/", views.place, name="place"),
    path("places/<int:pk>/enter/", views.enter, name="enter"),
    path("entries/<int:pk>/", views.history, name="history"),
    path("entries/<int:pk>/replace/", views.replace, name="replace"),
    path("entries/<int:pk>/review/", views.review, name="review"),
    path("entries/<int:pk>/end/", views.end, name="end"),
]
