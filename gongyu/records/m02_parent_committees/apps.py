from django.apps import AppConfig


class ParentCommittees(AppConfig):
    name = "gongyu.records.m02_parent_committees"
    label = "parent_committees"
    verbose_name = "家长委员会"
