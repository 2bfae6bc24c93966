"""Addresses: what families open (`n/`, by a token), what gateways report, what staff work with."""

from django.urls import path

from . import views, views_opened, views_reports, views_slips

app_name = "notices"
urlpatterns = [
    path("n/<int:pk>/<str:token>/", views_opened.opened, name="opened"),
    path(
        "n/<int:pk>/<str:token>/<int:notice_id>/<int:number>/",
        views_opened.opened_attachment,
        name="opened-attachment",
    ),
    path("notices/reports/<str:name>/", views_reports.reports, name="reports"),
    path("notices/", views.index, name="index"),
    path("notices/write/<int:pk>/", views.write, name="write"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("notices/<int:pk>/attachments/<int:number>/", views.attachment, name="attachment"),
    path("notices/<int:pk>/correct/", views.correct, name="correct"),
    path("notices/<int:pk>/remind/", views.remind, name="remind"),
    path("notices/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("notices/messages/<int:pk>/settle/", views.settle, name="settle"),
    path("notices/slips/", views_slips.slips, name="slips"),
    path("notices/slips/<int:pk>/hand/", views_slips.hand, name="hand"),
    path("notices/shown/", views.shown, name="shown"),
]
