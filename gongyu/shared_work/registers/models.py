"""Register entries and their reviews. A new version is a new entry that ends the old one."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from gongyu.ground.calendar.intervals import Held, HeldQuerySet
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Staff

from .kinds import CHANNELS, KINDS

# Seen this long before the year is round, so that a review needs no hurry.
_NOTICE_DAYS = 30


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, month=3, day=1)


class Entry(Held):
    """What a place has, from a day until a day: rules, a system, a mechanism, a document."""

    kind = models.CharField("类别", max_length=32)
    place = models.ForeignKey(Place, models.PROTECT, related_name="register_entries")
    title = models.CharField("名称", max_length=120)
    document_number = models.CharField("文号", max_length=60, blank=True)
    responsible = models.ForeignKey(Staff, models.PROTECT, related_name="register_entries")
    note = models.CharField("备注", max_length=300, blank=True)
    end_reason = models.CharField("停用原因", max_length=120, blank=True)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = HeldQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = "登记"
        constraints = [
            *Held.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=sorted(KINDS)), name="registers_entry_kind_known"
            ),
            models.UniqueConstraint(
                fields=["place", "kind"],
                condition=Q(until_on__isnull=True),
                name="registers_entry_one_open",
            ),
            models.UniqueConstraint(
                fields=["place", "kind", "from_on"], name="registers_entry_one_start_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return KINDS[self.kind].label

    def review_due_on(self, last_review: date | None) -> date | None:
        """The day on which a year has passed since the last review, or since the start."""
        if KINDS[self.kind].ends_with_the_year:
            return None
        return _a_year_after(last_review or self.from_on)

    def state_on(self, day: date, last_review: date | None) -> str:
        """A status of the table in states.py, as of a day."""
        if day < self.from_on:
            return "upcoming"
        if self.until_on is not None and self.until_on <= day:
            return "replaced" if self.replaced_by_id else "ended"
        due = self.review_due_on(last_review)
        return "review_due" if due is not None and (due - day).days <= _NOTICE_DAYS else "valid"


class Channel(models.Model):
    """One way that a contact mechanism names: whom to ask, and how."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="channels")
    kind = models.CharField("渠道", max_length=16)
    ask = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    how = models.CharField("怎样联系", max_length=60, blank=True)

    class Meta:
        verbose_name = "沟通渠道"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind"], name="registers_channel_once"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(CHANNELS)), name="registers_channel_kind_known"
            ),
        ]

    @property
    def label(self) -> str:
        return CHANNELS[self.kind]


class Review(models.Model):
    """One look at an entry: is it still right?"""

    class Outcome(models.TextChoices):
        KEPT = "kept", "继续有效"
        TO_CHANGE = "to_change", "需要修订"

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField("复核日期")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="register_reviews")
    outcome = models.CharField("结论", max_length=12, choices=Outcome.choices)
    note = models.CharField("说明", max_length=300, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "复核"
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "reviewed_on"], name="registers_review_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["kept", "to_change"]),
                name="registers_review_outcome_known",
            ),
        ]
        indexes = [models.Index(fields=["entry", "reviewed_on"], name="registers_review_latest")]
