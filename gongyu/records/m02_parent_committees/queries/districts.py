"""The district's register: which school has which committees, what was inspected, what is to mend."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Containment, Place

from .. import rules
from ..models import Committee, Rectification
from .committees import Line, lines_of, title_of


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school with its committees: `own` is the school's, `others` those of grades and classes."""

    school: Place
    own: Line | None
    others: list[Line]

    @property
    def in_term(self) -> int:
        return sum(line.term is not None for line in self.others)

    @property
    def inspected(self) -> date | None:
        days = [x.last_inspected for x in (self.own, *self.others) if x and x.last_inspected]
        return max(days, default=None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be mended; `days_left` below zero is past its day."""

    row: Rectification
    committee: Committee
    title: str
    days_left: int

    @property
    def clock(self) -> str:
        if self.row.status == "closed":
            return "closed"
        return "late" if self.days_left < 0 else ("soon" if self.days_left <= 7 else "calm")


@dataclass(frozen=True, slots=True)
class DistrictRegister:
    district: Place
    schools: list[SchoolRow]
    open_sheets: list[Sheet]
    closed_sheets: list[Sheet]

    @property
    def with_committee(self) -> int:
        return sum(1 for row in self.schools if row.own and row.own.term)


def district_of(actor: Actor | None, pk: int, on: date) -> Place | None:
    return rules.inspected_districts(actor, on).filter(pk=pk).first()


def first_district(actor: Actor | None, on: date) -> Place | None:
    return rules.inspected_districts(actor, on).order_by("pk").first()


def district_register(district: Place, on: date) -> DistrictRegister:
    """All schools of the district by name: a register, no table of who is ahead. Nine queries."""
    ids = (
        Containment.objects.on(on)
        .filter(ancestor=district, place_kind=Place.Kind.SCHOOL)
        .values("place_id")
    )
    schools = list(Place.objects.filter(pk__in=ids).order_by("name"))
    committees = [
        c
        for c in Committee.objects.filter(school__in=ids).select_related("place", "school")
        if c.place.holds_on(on)
    ]
    own: dict[int, Line] = {}
    others: dict[int, list[Line]] = defaultdict(list)
    for line in lines_of(committees, on):
        if line.committee.level == "school":
            own[line.committee.school_id] = line
        else:
            others[line.committee.school_id].append(line)
    sheets = sheets_of(ids, on)
    return DistrictRegister(
        district,
        [SchoolRow(s, own.get(s.pk), others[s.pk]) for s in schools],
        [s for s in sheets if s.row.status != "closed"],
        [s for s in sheets if s.row.status == "closed"],
    )


def sheets_of(school_ids, on: date) -> list[Sheet]:
    """The sheets of these schools, the one with the nearest day first."""
    rows = Rectification.objects.filter(
        inspection__committee__school__in=school_ids
    ).select_related("inspection__committee__place", "inspection__committee__school")
    return [
        Sheet(
            row,
            row.inspection.committee,
            title_of(row.inspection.committee),
            (row.due_on - on).days,
        )
        for row in rows.order_by("due_on", "pk")
    ]


def open_sheets(actor: Actor | None, on: date) -> list[Sheet]:
    """What is to be mended in the districts that the actor looks after."""
    districts = rules.inspected_districts(actor, on)
    schools = Containment.objects.on(on).filter(
        ancestor__in=districts, place_kind=Place.Kind.SCHOOL
    )
    if not rules.looks_after(actor):
        return []
    return [s for s in sheets_of(schools.values("place_id"), on) if s.row.status != "closed"]
