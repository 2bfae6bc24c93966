from django.apps import AppConfig


class Casework(AppConfig):
    name = "gongyu.shared_work.casework"
    label = "casework"
    verbose_name = "个案"
