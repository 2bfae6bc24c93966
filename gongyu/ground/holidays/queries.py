"""The table as the working-day clock reads it, and deadlines counted with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.ground.calendar.working_days import CountedDay, NamedDay, explain

from .models import SpecialDay


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period, how it was counted, and whether any day of it is an estimate."""

    day: date
    counted: tuple[CountedDay, ...]

    @property
    def estimated(self) -> bool:
        return any(day.estimated for day in self.counted)


def special_days(year: int | None = None) -> dict[date, NamedDay]:
    """Our own entries by day, of one calendar year or of all."""
    rows = SpecialDay.objects.all()
    if year is not None:
        rows = rows.filter(day__year=year)
    return {row.day: NamedDay(row.day, row.is_working, row.name, row.source) for row in rows}


def deadline(start: date, days: int) -> Deadline:
    """The day by which something begun on `start` is due in so many working days, explained."""
    counted = tuple(explain(start, days, special_days()))
    return Deadline(counted[-1].day if counted else start, counted)
