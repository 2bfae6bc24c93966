"""The family's pages of measure 7, under /family/."""

from django.urls import path

from . import views_family as views

app_name = "participation"
urlpatterns = [
    path("tips/", views.tips, name="tips"),
    path("help/", views.help_page, name="help"),
    path("children/<int:pk>/correct/", views.correct, name="correct"),
    path("corrections/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
