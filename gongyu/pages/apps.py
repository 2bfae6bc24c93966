from django.apps import AppConfig


class Pages(AppConfig):
    name = "gongyu.pages"
    label = "pages"
    verbose_name = "页面"
