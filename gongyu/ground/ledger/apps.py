from django.apps import AppConfig


class Ledger(AppConfig):
    name = "gongyu.ground.ledger"
    label = "ledger"
    verbose_name = "事实账本"
