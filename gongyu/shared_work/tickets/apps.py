from django.apps import AppConfig


class Tickets(AppConfig):
    name = "gongyu.shared_work.tickets"
    label = "tickets"
    verbose_name = "工单"
