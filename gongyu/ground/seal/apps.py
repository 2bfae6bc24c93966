from django.apps import AppConfig


class Seal(AppConfig):
    name = "gongyu.ground.seal"
    label = "seal"
    verbose_name = "封存"
