from django.apps import AppConfig


class FamilyParticipation(AppConfig):
    name = "gongyu.records.m07_family_participation"
    label = "family_participation"
    verbose_name = "家庭参与"
