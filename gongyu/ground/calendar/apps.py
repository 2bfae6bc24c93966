from django.apps import AppConfig


class Calendar(AppConfig):
    name = "gongyu.ground.calendar"
    label = "calendar"
    verbose_name = "校历"
