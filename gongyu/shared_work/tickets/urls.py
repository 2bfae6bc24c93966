from django.urls import path

from .views import above, asking, desk

app_name = "tickets"
urlpatterns = [
    path("tell/", asking.choose, name="choose"),
    path("tell/districts/<int:pk>/", asking.district, name="district"),
    path("tell/schools/<int:pk>/", asking.tell, name="tell"),
    path("follow/", asking.follow, name="follow"),
    path("", desk.index, name="index"),
    path("export.xlsx", desk.export, name="export"),
    path("one/<str:token>/", desk.ticket, name="ticket"),
    path("overview/", above.overview, name="overview"),
    path("statistics/", above.statistics, name="statistics"),
    path("statistics.xlsx", above.statistics_export, name="statistics-export"),
    path("trials/", above.trials, name="trials"),
    path("trials/start/", above.start_trials, name="start-trials"),
    path("limits/", above.limits, name="limits"),
    path("limits/end/", above.end_limit, name="end-limit"),
]
