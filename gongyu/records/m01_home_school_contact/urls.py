from django.urls import path

from .views import classes, family, following, proposals, recording

app_name = "visits"
urlpatterns = [
    path("", classes.index, name="index"),
    path("record/", classes.choose_child, name="record"),
    path("classes/<int:pk>/", classes.class_page, name="class"),
    path("classes/<int:pk>/propose/", classes.propose, name="propose"),
    path("classes/<int:pk>/slips/", proposals.slips, name="slips"),
    path("classes/<int:pk>/print/", classes.print_page, name="print"),
    path("classes/<int:pk>/visits.xlsx", classes.export, name="export"),
    path("children/<int:pk>/", recording.child, name="child"),
    path("children/<int:pk>/record/", recording.record, name="record-child"),
    path("children/<int:pk>/draft/", recording.draft, name="draft"),
    path("children/<int:pk>/attempt/", recording.attempt, name="attempt"),
    path("children/<int:pk>/preference/", recording.preference, name="preference"),
    path("records/<int:pk>/", recording.visit, name="visit"),
    path("records/<int:pk>/history/", recording.history, name="history"),
    path("records/<int:pk>/correct/", recording.correct, name="correct"),
    path("records/<int:pk>/retract/", recording.retract, name="retract"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/link/", proposals.link, name="link"),
    path("proposals/<int:pk>/answer/", proposals.answer, name="answer-for-family"),
    path("proposals/<int:pk>/withdraw/", proposals.withdraw, name="withdraw-proposal"),
    path("answer/<str:token>/", family.answer, name="answer"),
    path("at-home/<int:pk>/", family.at_home, name="at-home"),
    path("follow-ups/", following.follow_ups, name="follow-ups"),
    path("follow-ups/<int:pk>/", following.follow_up, name="follow-up"),
    path("declines/", following.declines, name="declines"),
    path("declines/<int:pk>/acknowledge/", following.acknowledge, name="acknowledge"),
    path("declines/<int:pk>/return/", following.send_back, name="return-decline"),
    path("declines/<int:pk>/withdraw/", following.withdraw, name="withdraw-decline"),
]
