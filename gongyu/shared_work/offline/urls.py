from django.urls import path

from . import views

app_name = "offline"
urlpatterns = [
    path("", views.shell, name="shell"),
    path("worker.js", views.worker, name="worker"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("hello/", views.hello, name="hello"),
    path("kits/", views.kits, name="kits"),
    path("kits/open/", views.open_one, name="open"),
    path("kits/<str:code>/contact/", views.contact, name="contact"),
    path("kits/<str:code>/send/", views.send, name="send"),
    path("kits/<str:code>/close/", views.close, name="close"),
]
