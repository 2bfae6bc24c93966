"""Words of consent: append-only evidence of who said what, when and how. Nothing is ever changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.staff.models import Staff

from .purposes import to_ask


class Word(models.Model):
    """One person's word about one purpose and child. The newest of a person holds."""

    class Says(models.TextChoices):
        YES = "yes", "同意"
        NO = "no", "不同意"
        WITHDRAWN = "withdrawn", "收回同意"

    class How(models.TextChoices):
        PAGE = "page", "家长自己的页面"
        PAPER = "paper", "纸质签字"
        SPOKEN = "spoken", "当面说"

    purpose = models.CharField("用途", max_length=40)
    child = models.ForeignKey(Child, models.PROTECT, related_name="consent_words")
    # Whoever spoke: a guardian, or (no carer) the child itself from 14 on.
    carer = models.ForeignKey(
        Carer, models.PROTECT, null=True, blank=True, related_name="consent_words"
    )
    says = models.CharField(max_length=10, choices=Says.choices)
    how = models.CharField(max_length=8, choices=How.choices)
    said_at = models.DateTimeField()
    # The words of the purpose that were read, so that it can be shown later what was agreed to.
    read = models.CharField(max_length=64)
    # Who wrote down what a child, or somebody without a phone, said or signed.
    taken_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "同意与收回"
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=[purpose.code for purpose in to_ask()]),
                name="consents_word_never_about_a_duty",
            ),
            models.CheckConstraint(
                condition=Q(says__in=["yes", "no", "withdrawn"])
                & Q(how__in=["page", "paper", "spoken"]),
                name="consents_word_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(how="page", taken_by__isnull=True, carer__isnull=False)
                | Q(how__in=["paper", "spoken"], taken_by__isnull=False),
                name="consents_word_who_took_it",
            ),
        ]
        indexes = [models.Index(fields=["child", "purpose"], name="consents_word_of_child")]
