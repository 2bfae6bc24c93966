from django.apps import AppConfig


class People(AppConfig):
    name = "gongyu.ground.people"
    label = "people"
    verbose_name = "儿童与家庭"
