"""The working-day clock: which days count, why, and whether that is only an estimate.

Asked in order: our own table, then chinesecalendar for the years it knows, then Monday to Friday.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from chinese_calendar import constants as published
from django.utils.translation import gettext as _

_KNOWN_YEARS = range(min(published.holidays).year, max(day.year for day in published.holidays) + 1)
_CHINESE = {holiday.value: holiday.chinese for holiday in published.Holiday}
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day that our own table decides: off, or worked though it is a weekend."""

    day: date
    is_working: bool
    name: str
    source: str = ""


class Verdict(NamedTuple):
    """Whether a day counts, in words why, and whether the days off of its year are unpublished."""

    working: bool
    why: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class CountedDay:
    """A day on the way to a deadline; `number` is its place in the count, None for a day off."""

    day: date
    number: int | None
    why: str
    estimated: bool


Table = Mapping[date, NamedDay]
NO_TABLE: Table = {}


def is_working_day(day: date, table: Table = NO_TABLE) -> Verdict:
    """Whether people work on this day, and why."""
    own = table.get(day)
    if own is not None:
        words = _("%(name)s调休上班") if own.is_working else _("%(name)s放假")
        return Verdict(own.is_working, words % {"name": own.name}, False)
    if day.year in _KNOWN_YEARS:
        if day in published.workdays:
            name = _CHINESE.get(published.workdays[day], published.workdays[day])
            return Verdict(True, _("%(name)s调休上班") % {"name": name}, False)
        if day in published.holidays:
            name = _CHINESE.get(published.holidays[day], published.holidays[day])
            return Verdict(False, _("%(name)s放假") % {"name": name}, False)
        return _by_weekday(day, _("工作日"), _("周末"), estimated=False)
    note = _("（%(year)s年放假安排尚未公布，按周一至周五推算）") % {"year": day.year}
    return _by_weekday(day, _("工作日") + note, _("周末") + note, estimated=True)


def is_published(year: int) -> bool:
    """Does the published calendar know the days off of this year?"""
    return year in _KNOWN_YEARS


def published_days(year: int) -> list[NamedDay]:
    """The days off and worked weekends of a year as published, by day; none for an unknown year."""
    off = [(day, False, name) for day, name in published.holidays.items() if day.year == year]
    worked = [(day, True, name) for day, name in published.workdays.items() if day.year == year]
    return [
        NamedDay(day, is_working, _CHINESE.get(name, name))
        for day, is_working, name in sorted(off + worked)
    ]


def _by_weekday(day: date, working: str, off: str, *, estimated: bool) -> Verdict:
    works = day.weekday() < _SATURDAY
    return Verdict(works, working if works else off, estimated)


def explain(start: date, days: int, table: Table = NO_TABLE) -> list[CountedDay]:
    """Every day after `start` up to the `days`-th working day, with its number or why it is off.

    The day on which a period begins is not counted. Raises ValueError when `days` is negative.
    """
    return list(_count(start, days, table))


def add_working_days(start: date, days: int, table: Table = NO_TABLE) -> date:
    """The `days`-th working day after `start`; `start` itself for 0."""
    last = start
    for counted in _count(start, days, table):
        last = counted.day
    return last


def _count(start: date, days: int, table: Table) -> Iterator[CountedDay]:
    if days < 0:
        raise ValueError("A period of working days cannot be negative.")
    day, number = start, 0
    while number < days:
        day += timedelta(days=1)
        verdict = is_working_day(day, table)
        number += verdict.working
        place = number if verdict.working else None
        yield CountedDay(day, place, verdict.why, verdict.estimated)


def working_days_between(first: date, until: date, table: Table = NO_TABLE) -> int:
    """How many working days lie in [first, until)."""
    span = (until - first).days
    return sum(is_working_day(first + timedelta(days=n), table).working for n in range(span))
