from django.apps import AppConfig


class Consents(AppConfig):
    name = "gongyu.shared_work.consents"
    label = "consents"
    verbose_name = "同意"
