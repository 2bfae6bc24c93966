"""Everything that holds for a while says from which day, and until which day it no longer holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q


class HeldQuerySet(models.QuerySet):
    """Rows that hold for a while; `on(day)` answers every "who was it then"."""

    def on(self, day: date) -> Self:
        """The rows that hold on `day`."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), from_on__lte=day)

    def between(self, first: date, until: date) -> Self:
        """The rows that hold on at least one day of [first, until)."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gt=first), from_on__lt=until)


class Held(models.Model):
    """An interval of days: `from_on` is the first day, `until_on` the first day after it (or open)."""

    from_on = models.DateField("起始日")
    until_on = models.DateField("截止日(不含)", null=True, blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_ends_after_it_starts",
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
            )
        ]

    @property
    def last_day(self) -> date | None:
        """The last day that belongs to it, as people say it; None while it is open."""
        return self.until_on - timedelta(days=1) if self.until_on else None

    def holds_on(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or day < self.until_on)
