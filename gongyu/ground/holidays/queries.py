"""The table as the working-day clock reads it, and deadlines counted with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gongyu.ground.calendar.working_days import CountedDay, NamedDay, explain

from .models import Change, SpecialDay


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a period, how it was counted, and whether any day of it is an estimate."""

    day: date
    counted: tuple[CountedDay, ...]

    @property
    def estimated(self) -> bool:
        return any(day.estimated for day in self.counted)


def special_days(year: int | None = None, district: str = "") -> dict[date, NamedDay]:
    """Our own entries by day, of one calendar year or of all: the city's, and those of the district
    of this code, whose own word on a day goes first."""
    rows = SpecialDay.objects.filter(district__in={"", district}).order_by("district")
    if year is not None:
        rows = rows.filter(day__year=year)
    return {row.day: NamedDay(row.day, row.is_working, row.name, row.source) for row in rows}


@dataclass(frozen=True, slots=True)
class Layers:
    """What the city entered by day, and what a district entered for itself, which goes first."""

    city: dict[date, NamedDay]
    own: dict[date, NamedDay]

    @property
    def table(self) -> dict[date, NamedDay]:
        """As the working-day clock reads it."""
        return self.city | self.own


def layers_of(districts: Iterable[str]) -> dict[str, Layers]:
    """{district's code: its layers} for many districts at once; one SQL query. The empty code is
    the city without any district's days."""
    wanted = set(districts)
    found: dict[str, dict[date, NamedDay]] = {code: {} for code in {"", *wanted}}
    for row in SpecialDay.objects.filter(district__in=found):
        found[row.district][row.day] = NamedDay(row.day, row.is_working, row.name, row.source)
    city = found[""]
    return {code: Layers(city, found[code] if code else {}) for code in wanted}


def entries(year: int, district: str | None = None) -> list[SpecialDay]:
    """The entries of a calendar year, by day: the city's and one district's; None: all there are."""
    rows = SpecialDay.objects.filter(day__year=year).order_by("day", "district")
    return list(rows if district is None else rows.filter(district__in={"", district}))


def entry(pk: int, district: str) -> SpecialDay | None:
    """An entry of the city (empty code) or of a district."""
    return SpecialDay.objects.filter(pk=pk, district=district).first()


@dataclass(frozen=True, slots=True)
class DayChange:
    """One change of the table: the day, its entry before and after (None: not in the table).
    `district` is whose own day it was; empty for the city's."""

    day: date
    before: NamedDay | None
    after: NamedDay | None
    at: datetime
    by: str
    district: str = ""


def changes_since(moment: datetime, district: str = "") -> list[DayChange]:
    """What was changed in the city's table and the district's since a moment, in its order. One
    SQL query."""
    return [
        DayChange(
            day=row.day,
            before=_entry(row.day, row.was_working, row.was_name, row.was_source),
            after=_entry(row.day, row.is_working, row.name, row.source),
            at=row.changed_at,
            by=row.changed_by,
            district=row.district,
        )
        for row in Change.objects.filter(changed_at__gt=moment, district__in={"", district})
    ]


def _entry(day: date, working: bool | None, name: str, source: str) -> NamedDay | None:
    return None if working is None else NamedDay(day, working, name, source)


def deadline(start: date, days: int, district: str = "") -> Deadline:
    """The day by which something begun on `start` is due in so many working days, explained."""
    counted = tuple(explain(start, days, special_days(district=district)))
    return Deadline(counted[-1].day if counted else start, counted)
