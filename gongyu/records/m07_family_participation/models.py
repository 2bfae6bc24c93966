"""Corrections that guardians propose; what they wrote is encrypted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField
from gongyu.ground.staff.models import Staff

from .states import CORRECTION


class Correction(models.Model):
    """What a guardian says is wrong in a child's record, what it should be, and the school's answer."""

    class About(models.TextChoices):
        NAME = "name", "姓名"
        SEX = "sex", "性别"
        BORN_ON = "born_on", "出生日期"
        ID_NUMBER = "id_number", "证件号或学籍号"
        HOME = "home", "住址"
        CARERS = "carers", "照看孩子的人和手机号"
        ENROLMENT = "enrolment", "入学、转学、休学的日期"
        VISIT = "visit", "家访记录"
        OTHER = "other", "别的"

    child = models.ForeignKey(Child, models.PROTECT, related_name="corrections")
    school = models.ForeignKey(Place, models.PROTECT, related_name="+")
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    carer = models.ForeignKey(Carer, models.PROTECT, related_name="corrections")
    about = models.CharField("哪里不对", max_length=10, choices=About.choices)
    should_be = SecretField("应当是")
    status = models.CharField(max_length=10, default="proposed")
    proposed_at = models.DateTimeField()
    # Made by the form: the same form sent twice is the same correction.
    key = models.CharField(max_length=36)
    answer = SecretField("学校的答复", blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "更正申请"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(CORRECTION)),
                name="family_participation_correction_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "refused"])
                | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="family_participation_correction_answer_has_words",
            ),
            models.UniqueConstraint(
                fields=["carer", "key"], name="family_participation_correction_sent_once"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "status"], name="participation_correction_of"),
        ]

    @property
    def label(self) -> str:
        return CORRECTION[self.status]["label"]
