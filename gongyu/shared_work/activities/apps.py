from django.apps import AppConfig


class Activities(AppConfig):
    name = "gongyu.shared_work.activities"
    label = "activities"
    verbose_name = "活动"
