from django.urls import path

from .views import health, plan

app_name = "pages"
urlpatterns = [
    path("plan/", plan.plan, name="plan"),
    path("plan/measures/<int:number>/", plan.measure, name="measure"),
    path("plan/<str:duty_id>/", plan.duty, name="duty"),
    path("health/", health.health, name="health"),
]
