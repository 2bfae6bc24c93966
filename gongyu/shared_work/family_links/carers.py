"""Families as links, visits and bookings need them: who may be told, and who belongs together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from gongyu.ground.people import queries as people
from gongyu.ground.people.masking import masked
from gongyu.ground.people.models import Bar, Care, Enrolment, Relation
from gongyu.ground.prepared import prepared

__all__ = [
    "CarerChoice",
    "Sibling",
    "carers_for_contact",
    "carers_of_families",
    "carers_of_family",
    "cares_for_all",
    "households",
    "masked",
    "siblings_of",
]


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
    child or from information about it is not among them. One SQL query."""
    found: dict[int, list[CarerChoice]] = {}
    for child_id, carer_id, name, relation, daily, guardian, barred in _cares_on(
        list(child_ids), on
    ):
        choices = found.setdefault(child_id, [])
        if not barred:
            choices.append(CarerChoice(carer_id, name, _WORDS[relation], daily, guardian))
    return found


_WORDS = {str(relation): str(relation.label) for relation in Relation}


@prepared
def _bars_on(child_ids: list[int], on: date):
    return Bar.objects.on(on).filter(child__among=child_ids).values_list("child_id", "carer_id")


@prepared
def _cares_on(child_ids: list[int], on: date):
    # Every bar is one of contact or of information: with any of them nobody is told.
    barred = Exists(Bar.objects.on(on).filter(child=OuterRef("child"), carer=OuterRef("carer")))
    cares = Care.objects.on(on).filter(child__among=child_ids).annotate(is_barred=barred)
    return cares.order_by("child", "-is_daily_carer", "position", "pk").values_list(
        "child_id", "carer_id", "carer__name", "relation", "is_daily_carer", "is_guardian",
        "is_barred",
    )  # fmt: skip


def carers_of_family(child_ids: Iterable[int], on: date) -> list[CarerChoice]:
    """The carers of several children together; barred for one child is barred for the visit."""
    return carers_of_families({0: list(child_ids)}, on)[0]


def carers_of_families(families: Mapping[int, list[int]], on: date) -> dict[int, list[CarerChoice]]:
    """{family: its carers, the daily carer first} for {family: child ids}. Two SQL queries."""
    everybody = list({child_id for children in families.values() for child_id in children})
    # A bar may be against somebody who cares for the brother alone, so bars are asked for apart.
    barred: dict[int, set[int]] = defaultdict(set)
    for child_id, carer_id in _bars_on(everybody, on):
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
    somebody who is barred from either child makes no family to visit. Four SQL queries."""
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
    return {row[0]: Sibling(*row) for row in _enrolled_on(list(child_ids), on)}


@prepared
def _enrolled_on(child_ids: list[int], on: date):
    rows = Enrolment.objects.on(on).filter(child__among=child_ids)
    return rows.values_list(
        "child_id", "child__name", "school_class_id", "school_class__name", "school_id",
        "school__name",
    )  # fmt: skip


def households(child_ids: Iterable[int], on: date) -> list[tuple[int, ...]]:
    """The children parted into families: whoever is a sibling of one belongs to the same. In the
    order of their smallest ids. Four SQL queries."""
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
    link opens must never outlive that. One SQL query."""
    ids = set(child_ids)
    if not ids:
        return False
    choices = carers_for_contact(ids, on)
    cared = {child for child, carers in choices.items() if carer_id in {c.carer_id for c in carers}}
    return cared == ids
