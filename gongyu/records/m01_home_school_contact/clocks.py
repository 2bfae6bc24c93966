"""The clock to the first contact with a carer: when it is due, which hours and days count, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _

from gongyu.ground.calendar.working_days import Table, is_working_day
from gongyu.ground.holidays.moves import Move
from gongyu.ground.holidays.moves import moves as holiday_moves
from gongyu.ground.holidays.queries import DayChange, Layers

from .parameters import ContactClock

# A table that leaves no working day in two months is a slip of the pen and must not hang a page.
FARTHEST = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class CountedHours:
    """One day on the way: counted between two times of it, or not counted, and why."""

    day: date
    why: str
    counts: bool
    estimated: bool
    first: time | None = None
    last: time | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """When the first contact is due, and every day on the way to it."""

    due_at: datetime
    days: tuple[CountedHours, ...]

    @property
    def estimated(self) -> bool:
        return any(day.estimated for day in self.days)

    def is_over(self, moment: datetime) -> bool:
        return moment > self.due_at


def clock(noticed_at: datetime, rule: ContactClock, table: Table) -> Clock:
    """Counted from the noticing. A day counts when people work on it and it has hours left; the
    `rule.days`-th counted day after the first one is the last."""
    start = localtime(noticed_at)
    days: list[CountedHours] = []
    counted, day = -1, start.date()
    while counted < rule.days and day - start.date() <= FARTHEST:
        days.append(_hours_of(day, start, rule, table))
        counted += days[-1].counts
        day += timedelta(days=1)
    due = make_aware(datetime.combine(days[-1].day, rule.until_hour))
    return Clock(due, tuple(days))


def _hours_of(day: date, start: datetime, rule: ContactClock, table: Table) -> CountedHours:
    verdict = is_working_day(day, table)
    if not verdict.working:
        return CountedHours(day, verdict.why, False, verdict.estimated)
    first = rule.from_hour
    if day == start.date():
        if start.time() >= rule.until_hour:
            why = _("%(why)s，%(hour)s以后不再计") % {
                "why": verdict.why,
                "hour": rule.until_hour.strftime("%H:%M"),
            }
            return CountedHours(day, why, False, verdict.estimated)
        first = max(first, start.time().replace(second=0, microsecond=0))
    return CountedHours(day, verdict.why, True, verdict.estimated, first, rule.until_hour)


def moves(
    noticed_at: datetime, rule: ContactClock, layers: Layers, changes: Iterable[DayChange]
) -> list[Move[datetime]]:
    """Which changes since the noticing moved the clock, in their order; `layers` are today's."""
    return holiday_moves(lambda days: clock(noticed_at, rule, days).due_at, layers, changes)
