"""The addresses of access alone, so that its tests lean on nothing above it."""

from django.urls import include, path

urlpatterns = [
    path("", include("gongyu.ground.access.urls")),
    path("", include("gongyu.ground.access.sign_in_urls")),
]
