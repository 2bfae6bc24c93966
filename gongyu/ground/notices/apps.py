from django.apps import AppConfig


class Notices(AppConfig):
    name = "gongyu.ground.notices"
    label = "notices"
    verbose_name = "通知"
