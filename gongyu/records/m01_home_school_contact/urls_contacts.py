"""The addresses of contacts by phone, message, online or face to face."""

from django.urls import path

from .views import contacts

app_name = "contacts"
urlpatterns = [
    path("classes/<int:pk>/", contacts.class_contacts, name="class"),
    path("<int:pk>/", contacts.contact, name="contact"),
    path("<int:pk>/correct/", contacts.correct, name="correct"),
    path("<int:pk>/retract/", contacts.retract, name="retract"),
]
