from django.urls import path

from .views import activities, at_home, bookings, family, schools

OF_CLASS = "<int:pk>/classes/<int:class_id>/"

app_name = "activities"
urlpatterns = [
    path("", schools.index, name="index"),
    path("schools/<int:pk>/", schools.school, name="school"),
    path("schools/<int:pk>/plan/", schools.plan, name="plan"),
    path("schools/<int:pk>/activities.xlsx", schools.export, name="export"),
    path("classes/<int:pk>/", schools.school_class, name="class"),
    path("classes/<int:pk>/plan/", schools.plan_meeting, name="plan-meeting"),
    path("<int:pk>/", activities.activity, name="activity"),
    path("<int:pk>/change/", activities.change, name="change"),
    path("<int:pk>/slots/", activities.slots, name="slots"),
    path("slots/<int:pk>/drop/", activities.drop_slot, name="drop-slot"),
    path("<int:pk>/invite/", activities.invite, name="invite"),
    path("<int:pk>/move/", activities.move, name="move"),
    path("<int:pk>/cancel/", activities.cancel, name="cancel"),
    path("<int:pk>/close/", activities.close, name="close"),
    path("<int:pk>/correct/", activities.correct, name="correct"),
    path("<int:pk>/bookings/", bookings.bookings, name="bookings"),
    path("<int:pk>/door/", bookings.door, name="door"),
    path("<int:pk>/bookings.xlsx", bookings.export, name="bookings-export"),
    path(OF_CLASS + "slips/", bookings.slips, name="slips"),
    path(OF_CLASS + "link/", bookings.link, name="link"),
    path(OF_CLASS + "book/", bookings.book, name="book"),
    path("bookings/<int:pk>/", bookings.booking, name="booking"),
    path("bookings/<int:pk>/cancel/", bookings.cancel, name="cancel-booking"),
    path("bookings/<int:pk>/told/", bookings.told, name="told"),
    path("at-home/<int:pk>/", at_home.at_home, name="at-home"),
    path("family/<str:token>/", family.family, name="family"),
]
