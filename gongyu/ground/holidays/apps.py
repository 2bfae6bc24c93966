from django.apps import AppConfig


class Holidays(AppConfig):
    name = "gongyu.ground.holidays"
    label = "holidays"
    verbose_name = "节假日"
