"""Families as links, visits and bookings need them: who may be told, and who belongs together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongyu.ground.people import queries as people
from gongyu.ground.people.models import Bar, Care, Enrolment
from gongyu.ground.people.queries import CarerOnDay, carers_of


@dataclass(frozen=True, slots=True)
class CarerChoice:
    """A carer who may be met and told, and what he or she is to the child."""

    carer_id: int
    name: str
    relation: str
    is_daily_carer: bool
    is_guardian: bool

    @property
    def label(self) -> str:
        return f"{self.name}（{self.relation}）"


@dataclass(frozen=True, slots=True)
class Sibling:
    """A brother or sister who is enrolled on the day."""

    child_id: int
    name: str
    class_id: int
    class_name: str
    school_id: int
    school_name: str


def carers_for_contact(child_ids: Iterable[int], on: date) -> dict[int, list[CarerChoice]]:
    """{child id: carers of the day, the daily carer first}. Whoever is barred from contact with a
    child or from information about it is not among them. Two SQL queries."""
    return {
        child_id: [_choice(c) for c in carers if c.may_be_reached]
        for child_id, carers in carers_of(child_ids, on).items()
    }


def _choice(carer: CarerOnDay) -> CarerChoice:
    return CarerChoice(
        carer.carer.pk,
        carer.carer.name,
        str(carer.relation),
        carer.is_daily_carer,
        carer.is_guardian,
    )


def carers_of_family(child_ids: Iterable[int], on: date) -> list[CarerChoice]:
    """The carers of several children together; barred for one child is barred for the visit."""
    return carers_of_families({0: list(child_ids)}, on)[0]


def carers_of_families(families: Mapping[int, list[int]], on: date) -> dict[int, list[CarerChoice]]:
    """{family: its carers, the daily carer first} for {family: child ids}. Three SQL queries."""
    everybody = {child_id for children in families.values() for child_id in children}
    barred: dict[int, set[int]] = defaultdict(set)
    bars = Bar.objects.on(on).filter(child__in=everybody)
    for child_id, carer_id in bars.values_list("child_id", "carer_id"):
        barred[child_id].add(carer_id)
    choices = carers_for_contact(everybody, on)
    found = {}
    for family, children in families.items():
        kept_away = {carer for child_id in children for carer in barred[child_id]}
        carers = {
            choice.carer_id: choice
            for child_id in reversed(children)
            for choice in choices.get(child_id, ())
            if choice.carer_id not in kept_away
        }
        found[family] = sorted(
            carers.values(), key=lambda c: (not c.is_daily_carer, not c.is_guardian, c.carer_id)
        )
    return found


def siblings_of(child_ids: Iterable[int], on: date) -> dict[int, list[Sibling]]:
    """{child id: siblings enrolled on the day whom the same people care for}. A tie through
    somebody who is barred from either child makes no family to visit. Five SQL queries."""
    ids = list(child_ids)
    related = people.siblings_of(ids, on)
    others = {other for found in related.values() for other in found}
    if not others:
        return {}
    homes = {
        child_id: {c.carer_id for c in carers if c.is_guardian or c.is_daily_carer}
        for child_id, carers in carers_for_contact({*related, *others}, on).items()
    }
    enrolled = _enrolled(others, on)
    return {
        child_id: sorted(
            (
                enrolled[other]
                for other in related.get(child_id, ())
                if other in enrolled and homes.get(child_id, set()) & homes.get(other, set())
            ),
            key=lambda s: (s.class_name, s.name),
        )
        for child_id in ids
    }


def _enrolled(child_ids: set[int], on: date) -> dict[int, Sibling]:
    rows = (
        Enrolment.objects.on(on)
        .filter(child__in=child_ids)
        .select_related("child", "school_class", "school")
    )
    return {
        row.child_id: Sibling(
            row.child_id,
            row.child.name,
            row.school_class_id,
            row.school_class.name,
            row.school_id,
            row.school.name,
        )
        for row in rows
    }


def households(child_ids: Iterable[int], on: date) -> list[tuple[int, ...]]:
    """The children parted into families: whoever is a sibling of one belongs to the same. In the
    order of their smallest ids. Five SQL queries."""
    ids = sorted(set(child_ids))
    ties = siblings_of(ids, on)
    left, found = dict.fromkeys(ids), []
    for first in ids:
        if first not in left:
            continue
        family, waiting = [], [first]
        while waiting:
            one = waiting.pop()
            if one in left:
                del left[one]
                family.append(one)
                waiting += [s.child_id for s in ties.get(one, ()) if s.child_id in left]
        found.append(tuple(sorted(family)))
    return found


def cares_for_all(carer_id: int, child_ids: Iterable[int], on: date) -> bool:
    """Does the carer care for every one of these children on the day, barred from none? What a
    link opens must never outlive that. Two SQL queries."""
    ids = set(child_ids)
    cared = Care.objects.on(on).filter(carer=carer_id, child__in=ids)
    if not ids or ids - set(cared.values_list("child_id", flat=True)):
        return False
    return not Bar.objects.on(on).filter(carer=carer_id, child__in=ids).exists()


def masked(name: str) -> str:
    """A name that its family knows and a stranger does not: 李*明, 李*."""
    if len(name) <= 1:
        return name
    return f"{name[0]}*{name[-1] if len(name) > 2 else ''}"
