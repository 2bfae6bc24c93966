from django.apps import AppConfig


class Registers(AppConfig):
    name = "gongyu.shared_work.registers"
    label = "registers"
    verbose_name = "登记"
