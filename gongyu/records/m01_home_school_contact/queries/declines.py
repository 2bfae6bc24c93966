"""Attempts and declines: what a head needs to see before saying a word."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from gongyu.ground.access.permissions import DECLINE_ACKNOWLEDGE, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.prepared import prepared

from .. import rules
from ..models import Capacity, Decline, Visit, VisitChild


@dataclass(frozen=True, slots=True)
class DeclineCase:
    """A decline with the attempts on which it stands, oldest first."""

    decline: Decline
    attempts: list[VisitChild]


def by_class_teacher(child_id: int, year: int) -> list[VisitChild]:
    """A child's visits and attempts by class teachers that stand, of the school year of the class:
    a summer visit to a new pupil belongs to the coming year."""
    return _by_class_teacher(child_id, year)


@prepared
def _by_class_teacher(child_id: int, year: int):
    return (
        VisitChild.objects.filter(
            child=child_id,
            capacity=Capacity.CLASS_TEACHER,
            visit__status="standing",
            class_place__school_class__school_year=year,
        )
        .select_related("visit", "post__staff")
        .defer(
            "note", "visit__asked", "visit__follows", "post__staff__id_number", "post__staff__phone"
        )
        .order_by("visit__visited_on", "pk")
    )


def declines_to_acknowledge(school_id: int, on: date) -> list[DeclineCase]:
    """The declines of a school that wait for its head, oldest first. Two SQL queries."""
    del (
        on
    )  # What waits, waits whatever the day; the parameter keeps the shape of the other queries.
    return _cases(_waiting_in(school_id))


@prepared
def _waiting_in(school_id: int):
    return _declines().filter(school=school_id, status="waiting")


def declines_for(actor: Actor | None, on: date) -> tuple[list[DeclineCase], list[DeclineCase]]:
    """(waiting, acknowledged and running) in the schools where the actor decides."""
    seen = _declines().filter(pk__in=rules.declines_visible_to(actor, on).values("pk"))
    cases = _cases(
        list(seen.filter(status__in=["waiting", "acknowledged"]).exclude(until_on__lte=on))
    )
    waiting = [c for c in cases if c.decline.status == "waiting"]
    return waiting, [c for c in cases if c.decline.status == "acknowledged"]


def decline_for(actor: Actor | None, decline_id: int, on: date) -> Decline | None:
    """A decline on which the actor decides, or None."""
    return _declines().filter(pk=decline_id, pk__in=rules.declines_visible_to(actor, on)).first()


def decline_to_withdraw(actor: Actor | None, decline_id: int, on: date) -> Decline | None:
    """A running decline that the actor may withdraw, or None."""
    decline = _declines().filter(pk=decline_id).first()
    if decline is None or not rules.may_withdraw_decline(actor, decline, on):
        return None
    return decline


def school_decided_by(actor: Actor | None, on: date) -> Place | None:
    """The school for whose declines the actor speaks."""
    schools = places_with(actor, DECLINE_ACKNOWLEDGE, kind=Place.Kind.SCHOOL, on=on)
    return Place.objects.filter(pk__in=schools).order_by("pk").first()


def _declines():
    return Decline.objects.select_related(
        "child", "class_place", "school", "asked_by", "acknowledged_by"
    ).order_by("asked_on", "pk")


def _cases(declines: list[Decline]) -> list[DeclineCase]:
    if not declines:
        return []
    rows = (
        VisitChild.objects.filter(
            child__in=[d.child_id for d in declines],
            capacity=Capacity.CLASS_TEACHER,
            visit__status="standing",
            class_place__school_class__school_year__in={d.school_year for d in declines},
        )
        .exclude(visit__outcome=Visit.Outcome.HELD)
        .select_related("visit", "post__staff", "class_place__school_class")
        .order_by("visit__visited_on", "pk")
    )
    tries: dict[tuple[int, int], list[VisitChild]] = defaultdict(list)
    for row in rows:
        tries[row.child_id, row.class_place.school_class.school_year].append(row)
    return [DeclineCase(d, tries[d.child_id, d.school_year]) for d in declines]
