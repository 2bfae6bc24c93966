from django.apps import AppConfig


class Offline(AppConfig):
    name = "gongyu.shared_work.offline"
    label = "offline"
    verbose_name = "离线使用"
