"""Addresses: what families open (`n/`, by a token), what gateways report, what staff work with."""

from django.urls import include, path

from . import views, views_opened, views_reports, views_slips

app_name = "notices"
_staff = [
    path("reports/<str:name>/", views_reports.reports, name="reports"),
    path("", views.index, name="index"),
    path("write/<int:pk>/", views.write, name="write"),
    path("<int:pk>/", views.notice, name="notice"),
    path("<int:pk>/attachments/<int:number>/", views.attachment, name="attachment"),
    path("<int:pk>/answers.xlsx", views.answers, name="answers"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/remind/", views.remind, name="remind"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("messages/<int:pk>/settle/", views.settle, name="settle"),
    path("slips/", views_slips.slips, name="slips"),
    path("slips/<int:pk>/hand/", views_slips.hand, name="hand"),
    path("shown/", views.shown, name="shown"),
]
urlpatterns = [
    path("n/<int:pk>/<str:token>/", views_opened.opened, name="opened"),
    path(
        "n/<int:pk>/<str:token>/<int:notice_id>/<int:number>/",
        views_opened.opened_attachment,
        name="opened-attachment",
    ),
    path("notices/", include(_staff)),
]
