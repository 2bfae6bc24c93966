"""The periods of a plan's calendar as rows, for one group of stages. Pure: the day is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .model import CalendarData
from .vocabulary import CALENDAR_PERIODS, STAGE_GROUPS

VACATION_TITLES = {"winter": "寒假", "summer": "暑假"}


@dataclass(frozen=True, order=True)
class Period:
    """One period, first and last day included. `key` is unique within its kind and stage group."""

    kind: str
    starts_on: date
    ends_on: date
    key: str
    stage_group: str
    estimated: bool
    title: str

    @property
    def until_on(self) -> date:
        """The first day after it."""
        return self.ends_on + timedelta(days=1)

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def periods(calendar: CalendarData, stage_group: str, kind: str = "") -> tuple[Period, ...]:
    """All periods of a stage group (of one kind, or of all), in the order of their days.

    Raises ValueError for a kind or a stage group that is unknown.
    """
    if stage_group not in STAGE_GROUPS:
        raise ValueError(f"unknown stage group {stage_group!r}")
    if kind and kind not in CALENDAR_PERIODS:
        raise ValueError(f"unknown kind of period {kind!r}")
    found = calendar.kept.get((stage_group, kind))
    if found is None:
        found = calendar.kept[stage_group, kind] = _rows(calendar, stage_group, kind)
    return found


def title_of(calendar: CalendarData, kind: str, key: str) -> str:
    """The title of the period of this kind and key; "" where the calendar has none."""
    titles = calendar.kept.get(("titles",))
    if titles is None:
        rows = reversed(all_periods(calendar))
        titles = calendar.kept[("titles",)] = {(row.kind, row.key): row.title for row in rows}
    return titles.get((kind, key), "")


def _rows(calendar: CalendarData, stage_group: str, kind: str) -> tuple[Period, ...]:
    makers = {
        "school_year": _school_years,
        "semester": _semesters,
        "vacation": _vacations,
        "half_year": _half_years,
        "year": _years,
    }
    rows = [
        row
        for name, make in makers.items()
        if kind in ("", name)
        for row in make(calendar, stage_group)
    ]
    return tuple(sorted(rows))


def all_periods(calendar: CalendarData) -> tuple[Period, ...]:
    """The periods of every stage group, for a table that others join."""
    return tuple(row for group in STAGE_GROUPS for row in periods(calendar, group))


def current_period(calendar: CalendarData, kind: str, stage_group: str, day: date) -> Period | None:
    """The period in which the day falls; None between two (a vacation has no semester)."""
    for period in periods(calendar, stage_group, kind):
        if period.holds(day):
            return period
    return None


def latest_period(calendar: CalendarData, kind: str, stage_group: str, day: date) -> Period | None:
    """The period in which the day falls, or else the last one before it."""
    begun = [row for row in periods(calendar, stage_group, kind) if row.starts_on <= day]
    return begun[-1] if begun else None


def period_of_key(calendar: CalendarData, kind: str, stage_group: str, key: str) -> Period | None:
    """The period of this key, such as "2026-2027-1"."""
    for period in periods(calendar, stage_group, kind):
        if period.key == key:
            return period
    return None


def _school_years(calendar: CalendarData, stage_group: str) -> list[Period]:
    return [
        Period(
            "school_year",
            year.starts_on,
            year.ends_on,
            year.key,
            stage_group,
            year.estimated,
            f"{year.key}学年",
        )
        for year in calendar.school_years
    ]


def _semesters(calendar: CalendarData, stage_group: str) -> list[Period]:
    return [
        Period(
            "semester",
            semester.starts_on,
            semester.ends_on,
            f"{semester.school_year}-{semester.term}",
            stage_group,
            semester.estimated,
            f"{semester.school_year}学年第{'一二'[semester.term - 1]}学期",
        )
        for semester in calendar.semesters
        if stage_group in semester.stage_groups
    ]


def _vacations(calendar: CalendarData, stage_group: str) -> list[Period]:
    return [
        Period(
            "vacation",
            vacation.starts_on,
            vacation.ends_on,
            f"{vacation.school_year}-{vacation.name}",
            stage_group,
            vacation.estimated,
            f"{vacation.school_year}学年{VACATION_TITLES[vacation.name]}",
        )
        for vacation in calendar.vacations
        if stage_group in vacation.stage_groups
    ]


def _half_years(calendar: CalendarData, stage_group: str) -> list[Period]:
    return [
        Period(
            "half_year",
            date(year, *half.starts),
            date(year, *half.ends),
            f"{year}H{half.number}",
            stage_group,
            False,
            f"{year}年{'上下'[half.number - 1]}半年",
        )
        for year in calendar.years
        for half in calendar.half_years
    ]


def _years(calendar: CalendarData, stage_group: str) -> list[Period]:
    return [
        Period(
            "year", date(year, 1, 1), date(year, 12, 31), str(year), stage_group, False, f"{year}年"
        )
        for year in calendar.years
    ]
