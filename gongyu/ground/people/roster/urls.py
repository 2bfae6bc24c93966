"""The addresses of the rosters, under /roster/."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("blank.xlsx", views.blank, name="roster-blank"),
    path("<int:pk>/", views.roster, name="roster"),
    path("<int:pk>/progress/", views.progress, name="roster-progress"),
    path("<int:pk>/mapping/", views.mapping, name="roster-mapping"),
    path("<int:pk>/answers/", views.answers, name="roster-answers"),
    path("<int:pk>/confirm/", views.confirm, name="roster-confirm"),
    path("<int:pk>/again/", views.again, name="roster-again"),
    path("<int:pk>/cancel/", views.cancel, name="roster-cancel"),
    path("<int:pk>/marked.xlsx", views.marked, name="roster-marked"),
]
