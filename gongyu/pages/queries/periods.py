"""The semester of one school: its stages may differ, so it runs from the first to the last of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.ground.places.models import STAGES_OF
from gongyu.plan.model import Plan
from gongyu.plan.periods import Period, periods
from gongyu.plan.vocabulary import STAGE_GROUPS, STAGES_IN_GROUP


@dataclass(frozen=True, slots=True)
class SchoolPeriod:
    """A period of a school, first and last day included."""

    key: str
    title: str
    first_on: date
    last_on: date
    estimated: bool

    @property
    def until_on(self) -> date:
        return date.fromordinal(self.last_on.toordinal() + 1)


def period_of_school(plan: Plan, school_kind: str, kind: str, key: str) -> SchoolPeriod | None:
    """The period of this key, such as 2026-2027-1, for schools of a kind."""
    rows = [row for row in _rows(plan, school_kind, kind) if row.key == key]
    return _together(rows) if rows else None


def semester_on(plan: Plan, school_kind: str, day: date) -> SchoolPeriod | None:
    """The semester that runs on the day, or in a vacation the one that comes next; the last one
    that the calendar knows where it knows no more."""
    rows = _rows(plan, school_kind, "semester")
    keys = list(dict.fromkeys(row.key for row in rows))
    found = [_together([row for row in rows if row.key == key]) for key in keys]
    to_come = [period for period in found if period.last_on >= day]
    return (to_come or found[-1:] or [None])[0]


def _rows(plan: Plan, school_kind: str, kind: str) -> list[Period]:
    stages = set(STAGES_OF[school_kind])
    groups = [group for group in STAGE_GROUPS if stages & set(STAGES_IN_GROUP[group])]
    return sorted(row for group in groups for row in periods(plan.calendar, group, kind))


def _together(rows: list[Period]) -> SchoolPeriod:
    return SchoolPeriod(
        key=rows[0].key,
        title=rows[0].title,
        first_on=min(row.starts_on for row in rows),
        last_on=max(row.ends_on for row in rows),
        estimated=any(row.estimated for row in rows),
    )
