"""The family's pages that cross measures: /family/."""

from django.urls import path

from .views import family, family_box, family_ways

app_name = "family"
urlpatterns = [
    path("", family.week, name="today"),
    path("notices/", family_box.box, name="box"),
    path("notices/<int:pk>/", family_box.notice, name="notice"),
    path(
        "notices/<int:pk>/attachments/<int:number>/",
        family_box.notice_attachment,
        name="notice-attachment",
    ),
    path("ways/", family_ways.ways, name="ways"),
    path("calendar/", family.calendar, name="calendar"),
    path("calendar/end/", family.end_calendar, name="calendar-end"),
    path("feed/<str:token>.ics", family.feed, name="feed"),
    path("children/", family.records, name="records"),
    path("children/<int:pk>/", family.record, name="record"),
    path("looked/", family.looked, name="looked"),
    path("looked/<int:pk>/", family.looked_at, name="looked-at"),
]
