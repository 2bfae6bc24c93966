from django.apps import AppConfig


class Indicators(AppConfig):
    name = "gongyu.indicators"
    label = "indicators"
    verbose_name = "指标"
