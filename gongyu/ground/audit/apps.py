from django.apps import AppConfig


class Audit(AppConfig):
    name = "gongyu.ground.audit"
    label = "audit"
    verbose_name = "审计"
