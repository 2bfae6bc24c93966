from django.urls import path

from .views import audit, burden, calendar, days_off, figures, health, home, places, plan, search

FIGURE = "figures/<str:duty_id>/<str:period_key>/<int:place_id>/"

app_name = "pages"
urlpatterns = [
    path("", home.home, name="home"),
    path("city/", places.city, name="city"),
    path("districts/<int:pk>/", places.district, name="district"),
    path("towns/<int:pk>/", places.town, name="town"),
    path("schools/<int:pk>/", places.school, name="school"),
    path("schools/<int:pk>/term/", places.term, name="term"),
    path("classes/<int:pk>/", places.school_class, name="class"),
    path("children/<int:pk>/", places.child, name="child"),
    path("plan/", plan.plan, name="plan"),
    path("plan/measures/<int:number>/", plan.measure, name="measure"),
    path("plan/<str:duty_id>/", plan.duty, name="duty"),
    path(FIGURE, figures.figure, name="figure"),
    path(FIGURE + "rows/", figures.rows, name="figure-rows"),
    path(FIGURE + "rows.xlsx", figures.export, name="figure-export"),
    path("search/", search.search, name="search"),
    path("audit/", audit.audit, name="audit"),
    path("days-off/", days_off.days_off, name="days-off"),
    path("days-off/days-off.xlsx", days_off.days_off_export, name="days-off-export"),
    path("days-off/enter/", days_off.enter_days_off, name="enter-days-off"),
    path("days-off/<int:pk>/clear/", days_off.clear_day_off, name="clear-day-off"),
    path("burden/", burden.own_burden, name="own-burden"),
    path("burden/<int:pk>/", burden.burden, name="burden"),
    path("burden/<int:pk>/notices.xlsx", burden.export, name="burden-export"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/end/", calendar.end, name="calendar-end"),
    path("calendar/feed/<str:token>.ics", calendar.feed, name="calendar-feed"),
    path("health/", health.health, name="health"),
]
