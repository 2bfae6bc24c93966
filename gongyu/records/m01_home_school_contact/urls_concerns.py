"""The addresses of children who seem not well."""

from django.urls import path

from .views import concerns

app_name = "concerns"
urlpatterns = [
    path("", concerns.index, name="index"),
    path("note/", concerns.note, name="note"),
    path("children/<int:pk>/note/", concerns.note_child, name="note-child"),
    path("children/<int:pk>/offer/", concerns.offer, name="offer"),
    path("<int:pk>/", concerns.anomaly, name="anomaly"),
    path("<int:pk>/retract/", concerns.retract, name="retract"),
    path("hand-overs/<int:pk>/accept/", concerns.accept, name="accept"),
    path("hand-overs/<int:pk>/refuse/", concerns.refuse, name="refuse"),
    path("hand-overs/<int:pk>/withdraw/", concerns.withdraw, name="withdraw"),
]
