"""A child's page: where and with whom the child is, and what was done for the family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.ground.access.permissions import VISIT_RECORD, may
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people import queries as people
from gongyu.ground.people.models import Child
from gongyu.ground.people.queries import ChildPage
from gongyu.ground.people.queries_keeping import KeepingLink, keeping_links
from gongyu.indicators import queries as indicators
from gongyu.records.m01_home_school_contact import queries as visits
from gongyu.records.m01_home_school_contact.queries.concerns import ConcernLine
from gongyu.records.m01_home_school_contact.queries.contacts import ContactLine

from .addresses import Step, crumbs, place_url

CONTACTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit or attempt as the child's page lists it."""

    visit_id: int
    on: date
    visitor: str
    capacity: str
    outcome: str
    setting: str
    note: str


@dataclass(frozen=True, slots=True)
class ChildFolder:
    """A child with class, carers, history and visits; `state` is the visit duty's, if evaluated."""

    page: ChildPage
    class_id: int | None
    crumbs: list[Step]
    visits: list[VisitLine]
    state: str
    reason: str
    may_record: bool
    keeping: tuple[KeepingLink, ...]
    contacts: list[ContactLine]
    concerns: list[ConcernLine]  # for those who need the chronology; empty for all others

    @property
    def child(self) -> Child:
        return self.page.child


def child_folder(child: Child, actor: Actor, on: date) -> ChildFolder:
    """Everything on the page. Whoever shows it records the reading (actions.read_child)."""
    page = people.child_page(child, on, reader=actor)
    place = page.enrolment.school_class if page.enrolment else None
    found = indicators.child_state(child.pk, place.pk, on) if place else None
    return ChildFolder(
        page=page,
        class_id=place.pk if place else None,
        crumbs=[*crumbs(place, actor, on), *_class_step(place)] if place else [],
        visits=[_line(row) for row in visits.visits_of_child(child.pk, on, actor)],
        state=found.state if found else "unknown",
        reason=found.reason if found else "",
        may_record=place is not None and may(actor, VISIT_RECORD, place.pk, on),
        keeping=keeping_links(actor, child, on),
        contacts=visits.contacts_of_child(child, on, actor)[:CONTACTS_SHOWN],
        concerns=visits.concerns_of_child(child, actor, on),
    )


def _class_step(place) -> list[Step]:
    return [Step(place.name, place_url(place))]


def _line(row) -> VisitLine:
    visit = row.visit
    return VisitLine(
        visit_id=visit.pk,
        on=visit.visited_on,
        visitor=row.post.staff.name,
        capacity=row.get_capacity_display(),
        outcome=visit.get_outcome_display(),
        setting=visit.get_setting_display() if visit.setting else "",
        note=row.note,
    )
