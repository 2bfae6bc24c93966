"""Refreshes and the figures that they left: counts by state for each duty, period and place."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongyu.ground.places.models import Place

STATE_FIELDS = (
    "met",
    "in_progress",
    "at_risk",
    "missed",
    "declined",
    "exempt",
    "not_due",
    "not_applicable",
    "unknown",
)
# The cells of a figure in the order of the bits of `hidden_inside` and `hidden_public`.
CELLS = (*STATE_FIELDS, "subjects")


class Refresh(models.Model):
    """One evaluation of all duties as of a day. Until `finished_at` is set it counts for nothing."""

    class Purpose(models.TextChoices):
        DAILY = "daily", "日常"
        MONTH_END = "month_end", "月末"
        ASKED = "asked", "指定日期"

    as_of = models.DateField("截至日")
    # The last fact that was read; what came later is in the next refresh.
    ledger_seq = models.BigIntegerField("账至")
    plan_version = models.CharField(max_length=64)
    purpose = models.CharField("用途", max_length=12, choices=Purpose.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "更新"
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="indicators_refresh_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["daily", "month_end", "asked"]),
                name="indicators_refresh_purpose_known",
            ),
        ]
        indexes = [models.Index(fields=["-as_of", "-id"], name="indicators_refresh_newest")]


class Figure(models.Model):
    """The counts of one duty in one period at one place. `hidden_inside` and `hidden_public` say
    by bits which of CELLS may not be shown to officers and to the public."""

    refresh = models.ForeignKey(Refresh, models.CASCADE, related_name="figures")
    duty = models.CharField(max_length=60)
    period_key = models.CharField(max_length=20)
    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    place_kind = models.CharField(max_length=12)
    met = models.PositiveIntegerField(default=0)
    in_progress = models.PositiveIntegerField(default=0)
    at_risk = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    exempt = models.PositiveIntegerField(default=0)
    not_due = models.PositiveIntegerField(default=0)
    not_applicable = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    subjects = models.PositiveIntegerField(default=0)
    # Visits, days without a teacher, entries: what the duty counts, added up.
    tally = models.BigIntegerField(default=0)
    hidden_inside = models.PositiveSmallIntegerField(default=0)
    hidden_public = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "数字"
        constraints = [
            models.UniqueConstraint(
                fields=["refresh", "duty", "period_key", "place"], name="indicators_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    subjects=F("met")
                    + F("in_progress")
                    + F("at_risk")
                    + F("missed")
                    + F("declined")
                    + F("exempt")
                    + F("not_due")
                    + F("not_applicable")
                    + F("unknown")
                ),
                name="indicators_figure_states_add_up",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "duty", "refresh"], name="indicators_figure_place")
        ]
