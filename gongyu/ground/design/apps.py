from django.apps import AppConfig


class Design(AppConfig):
    name = "gongyu.ground.design"
    label = "design"
    verbose_name = "界面"

    def ready(self) -> None:
        from .form_words import use_these_words

        use_these_words()
