from django.apps import AppConfig


class HomeSchoolContact(AppConfig):
    name = "gongyu.records.m01_home_school_contact"
    label = "home_school_contact"
    verbose_name = "家校合作"

    def ready(self) -> None:
        from .offline import declare_forms

        declare_forms()
