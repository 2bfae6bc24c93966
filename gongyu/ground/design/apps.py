from django.apps import AppConfig


class Design(AppConfig):
    name = "gongyu.ground.design"
    label = "design"
    verbose_name = "界面"
