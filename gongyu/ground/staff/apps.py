from django.apps import AppConfig


class Staff(AppConfig):
    name = "gongyu.ground.staff"
    label = "staff"
    verbose_name = "教职工与任职"
