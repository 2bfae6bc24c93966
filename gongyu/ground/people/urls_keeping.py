"""The pages of keeping: /keeping/ for schools and for children."""

from django.urls import path

from . import views_care, views_classes, views_keeping

app_name = "keeping"
urlpatterns = [
    path("schools/<int:school_id>/", views_keeping.school, name="school"),
    path("schools/<int:school_id>/receive/", views_keeping.find, name="receive"),
    path("schools/<int:school_id>/receive/enrol/", views_keeping.receive, name="receive-enrol"),
    path(
        "schools/<int:school_id>/leavers/<int:enrolment>/reopen/",
        views_keeping.reopen,
        name="reopen",
    ),
    path("schools/<int:school_id>/classes/", views_classes.classes, name="classes"),
    path(
        "schools/<int:school_id>/classes.xlsx", views_classes.classes_export, name="classes-export"
    ),
    path("schools/<int:school_id>/classes/open/", views_classes.open_class, name="open-class"),
    path("schools/<int:school_id>/campuses/open/", views_classes.open_campus, name="open-campus"),
    path(
        "schools/<int:school_id>/places/<int:pk>/rename/",
        views_classes.rename,
        name="rename-place",
    ),
    path("schools/<int:school_id>/places/<int:pk>/close/", views_classes.close, name="close-place"),
    path(
        "schools/<int:school_id>/classes/<int:pk>/merge/", views_classes.merge, name="merge-class"
    ),
    path("children/<int:pk>/", views_keeping.child, name="child"),
    path("children/<int:pk>/move/", views_keeping.move, name="move"),
    path("children/<int:pk>/leave-school/", views_keeping.leave_school, name="leave-school"),
    path(
        "children/<int:pk>/enrolments/<int:enrolment>/correct-start/",
        views_keeping.correct_start,
        name="correct-start",
    ),
    path(
        "children/<int:pk>/enrolments/<int:enrolment>/take-back/",
        views_keeping.take_back_enrolment,
        name="take-back-enrolment",
    ),
    path("children/<int:pk>/leaves/start/", views_keeping.start_leave, name="start-leave"),
    path("children/<int:pk>/leaves/<int:leave>/end/", views_keeping.end_leave, name="end-leave"),
    path(
        "children/<int:pk>/leaves/<int:leave>/take-back/",
        views_keeping.take_back_leave,
        name="take-back-leave",
    ),
    path("children/<int:pk>/carers/add/", views_care.add_carer, name="add-carer"),
    path("children/<int:pk>/cares/<int:care>/change/", views_care.change_care, name="change-care"),
    path("children/<int:pk>/cares/<int:care>/end/", views_care.end_care, name="end-care"),
    path(
        "children/<int:pk>/cares/<int:care>/take-back/",
        views_care.take_back_care,
        name="take-back-care",
    ),
    path("children/<int:pk>/cares/<int:care>/phone/", views_care.change_phone, name="change-phone"),
    path("children/<int:pk>/cares/<int:care>/bar/", views_care.bar, name="bar"),
    path("children/<int:pk>/bars/<int:bar>/lift/", views_care.lift_bar, name="lift-bar"),
    path(
        "children/<int:pk>/bars/<int:bar>/take-back/",
        views_care.take_back_bar,
        name="take-back-bar",
    ),
]
