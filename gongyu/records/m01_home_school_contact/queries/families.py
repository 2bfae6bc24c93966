"""Families as a visit needs them: who may be met, who is a sibling, and where they live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongyu.ground.people.models import Bar, Care, Child, Enrolment, Relation
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
        return f"{self.name}({Relation(self.relation).label})"


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
    ids = list(child_ids)
    barred = set(Bar.objects.on(on).filter(child__in=ids).values_list("child_id", "carer_id"))
    found: dict[int, list[CarerChoice]] = defaultdict(list)
    cares = Care.objects.on(on).filter(child__in=ids).select_related("carer")
    for care in cares.order_by("-is_daily_carer", "-is_guardian", "position", "pk"):
        if (care.child_id, care.carer_id) in barred:
            continue
        found[care.child_id].append(
            CarerChoice(
                care.carer_id,
                care.carer.name,
                care.relation,
                care.is_daily_carer,
                care.is_guardian,
            )
        )
    return found


def carers_of_family(child_ids: Iterable[int], on: date) -> list[CarerChoice]:
    """The carers of several children together; barred for one child is barred for the visit."""
    ids = list(child_ids)
    barred = set(Bar.objects.on(on).filter(child__in=ids).values_list("carer_id", flat=True))
    found: dict[int, CarerChoice] = {}
    for choices in carers_for_contact(ids, on).values():
        for choice in choices:
            if choice.carer_id not in barred:
                found.setdefault(choice.carer_id, choice)
    return sorted(found.values(), key=lambda c: (not c.is_daily_carer, not c.is_guardian))


def siblings_of(child_ids: Iterable[int], on: date) -> dict[int, list[Sibling]]:
    """{child id: siblings enrolled on the day}: children who share a current carer who is guardian
    or cares daily for both, or whose carer has the same name and telephone. Three SQL queries."""
    ids = list(child_ids)
    cares = list(
        Care.objects.on(on)
        .filter(Q(is_guardian=True) | Q(is_daily_carer=True), child__in=ids)
        .values_list("child_id", "carer_id", "carer__name", "carer__phone_digest")
    )
    carers = {carer for _, carer, _, _ in cares}
    phones = {phone for *_, phone in cares if phone}
    shared = (
        Care.objects.on(on)
        .filter(Q(is_guardian=True) | Q(is_daily_carer=True))
        .filter(Q(carer__in=carers) | Q(carer__phone_digest__in=phones))
        .values_list("child_id", "carer_id", "carer__name", "carer__phone_digest")
    )
    by_carer: dict[object, set[int]] = defaultdict(set)
    for child_id, carer_id, name, phone in shared:
        for key in _same_person(carer_id, name, phone):
            by_carer[key].add(child_id)
    families: dict[int, set[int]] = defaultdict(set)
    for child_id, carer_id, name, phone in cares:
        for key in _same_person(carer_id, name, phone):
            families[child_id] |= by_carer[key] - {child_id}
    enrolled = _enrolled({c for others in families.values() for c in others}, on)
    return {
        child_id: sorted(
            (enrolled[other] for other in families[child_id] if other in enrolled),
            key=lambda s: (s.class_name, s.name),
        )
        for child_id in ids
    }


def _same_person(carer_id: int, name: str, phone: str) -> list[object]:
    return [carer_id, (name, phone)] if phone else [carer_id]


def _enrolled(child_ids: set[int], on: date) -> dict[int, Sibling]:
    if not child_ids:
        return {}
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
