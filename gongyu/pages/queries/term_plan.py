"""A school's semester on one page: what is due, planned, held, moved; visits, meetings, registers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place, School
from gongyu.indicators import queries as indicators
from gongyu.records.m01_home_school_contact import queries as visits
from gongyu.records.m01_home_school_contact.queries.work import SchoolProgress
from gongyu.shared_work.activities.kinds import KINDS
from gongyu.shared_work.activities.queries import activities_between
from gongyu.shared_work.activities.queries.lists import Line
from gongyu.shared_work.registers.queries import RegisterPage, registers_of

from .addresses import Step, crumbs
from .periods import SchoolPeriod, semester_on
from .plan import current_plan

OPEN_DAY = "open-day"


@dataclass(frozen=True, slots=True)
class TermRow:
    """One sort of work in the semester. `due` in words; the counts are of activities."""

    label: str
    due: str
    planned: int
    held: int
    moved: int
    cancelled: int
    waits: int  # its day has passed and nobody has closed it


@dataclass(frozen=True, slots=True)
class TermPage:
    """Everything on the page of a semester. `open_day` is the live state of the duty."""

    place: Place
    crumbs: list[Step]
    semester: SchoolPeriod
    rows: list[TermRow]
    lines: list[Line]
    open_day: str
    open_day_reason: str
    progress: SchoolProgress
    registers: RegisterPage
    on: date

    @property
    def days_left(self) -> int:
        return max((self.semester.last_on - self.on).days, 0)

    @property
    def to_visit(self) -> int:
        return self.progress.children - self.progress.visited


def term_page(place: Place, actor: Actor, on: date, moment: datetime) -> TermPage | None:
    """The semester that runs or comes next; None where the calendar knows none at all."""
    school = School.objects.get(place=place)
    semester = semester_on(current_plan(), school.kind, on)
    if semester is None:
        return None
    lines = activities_between(place.pk, semester.first_on, semester.until_on, moment)
    state = indicators.school_state(place.pk, on, OPEN_DAY)
    return TermPage(
        place=place,
        crumbs=crumbs(place, actor, on),
        semester=semester,
        rows=[_row(kind, lines) for kind in KINDS],
        lines=lines,
        open_day=state.state if state else "",
        open_day_reason=state.reason if state else "",
        progress=visits.school_progress(place.pk, on),
        registers=registers_of(place, on),
        on=on,
    )


def _row(kind: str, lines: list[Line]) -> TermRow:
    own = [line for line in lines if line.activity.kind == kind]

    def count(*states: str) -> int:
        return sum(line.state in states for line in own)

    return TermRow(
        label=str(KINDS[kind].label),
        due=_due(kind),
        planned=count("planned", "invited"),
        held=count("closed"),
        moved=count("moved"),
        cancelled=count("cancelled"),
        waits=count("held"),
    )


def _due(kind: str) -> str:
    """What the plan asks for in words; a kind without a number is only counted."""
    plan = current_plan()
    for duty in plan.built_duties:
        if kind in duty.params.get("activity_kinds", ()) and duty.threshold is not None:
            return duty.threshold.text
    return _("方案未定次数")
