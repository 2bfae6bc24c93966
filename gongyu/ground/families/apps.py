from django.apps import AppConfig


class Families(AppConfig):
    name = "gongyu.ground.families"
    label = "families"
    verbose_name = "家庭登录"
