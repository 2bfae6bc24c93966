"""Families as a visit needs them: who may be met, who is a sibling, and where they live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongyu.ground.people import queries as people
from gongyu.ground.people.models import Bar, Child, Enrolment
from gongyu.ground.people.queries import CarerOnDay, carers_of
from gongyu.ground.places.models import Containment, Place


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


@dataclass(frozen=True, slots=True)
class Road:
    """Where a family lives, as far as a route needs it."""

    town: str
    community: str

    @property
    def key(self) -> tuple[str, str]:
        return (self.town, self.community)


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
        for child_id, carers in carers_for_contact({*ids, *others}, on).items()
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


def roads(children: Iterable[Child], on: date) -> dict[int, Road | None]:
    """{child id: town and community of the home}, None where no community is known. The home must
    come with the child (select_related); one SQL query for the towns."""
    children = list(children)
    homes = {c.home_id for c in children if c.home_id is not None}
    towns = dict(
        Containment.objects.on(on)
        .filter(place__in=homes, ancestor_kind=Place.Kind.TOWN)
        .values_list("place_id", "ancestor__name")
    )
    return {c.pk: _road(c, towns.get(c.home_id, "")) for c in children}


def _road(child: Child, town: str) -> Road | None:
    home = child.home
    if home is None or home.kind not in {Place.Kind.COMMUNITY, Place.Kind.TOWN}:
        return None
    if home.kind == Place.Kind.TOWN:
        return Road(home.name, "")
    return Road(town, home.name)
