from django.apps import AppConfig


class Places(AppConfig):
    name = "gongyu.ground.places"
    label = "places"
    verbose_name = "地点"
