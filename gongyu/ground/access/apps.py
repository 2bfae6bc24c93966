from django.apps import AppConfig


class Access(AppConfig):
    name = "gongyu.ground.access"
    label = "access"
    verbose_name = "登录与权限"
