from django.apps import AppConfig


class PreparedConfig(AppConfig):
    name = "gongyu.ground.prepared"

    def ready(self) -> None:
        from .connections import connect

        connect()
