"""What somebody may find: children by name or initials, schools, classes and units by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from gongyu.ground.access.permissions import CHILD_READ, FIGURE_READ, holds, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Enrolment
from gongyu.ground.people.rules import children_visible_to
from gongyu.ground.places.models import Place
from gongyu.ground.places.queries import search_places

from .addresses import place_url

LIMIT = 30
PLACES_FOUND = (Place.Kind.SCHOOL, Place.Kind.CLASS, Place.Kind.TOWN, Place.Kind.DISTRICT)


@dataclass(frozen=True, slots=True)
class FoundChild:
    name: str
    where: str
    url: str


@dataclass(frozen=True, slots=True)
class FoundPlace:
    name: str
    kind: str
    where: str
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `cut` says that there is more than is shown."""

    children: list[FoundChild]
    places: list[FoundPlace]
    cut: bool


def found_for(actor: Actor, words: str, on: date) -> Found:
    """Everything within the actor's scope that answers to the words, names first."""
    children = _children(actor, words, on) if holds(actor, CHILD_READ) else []
    places = _places(actor, words, on)
    cut = len(children) > LIMIT or len(places) > LIMIT
    return Found(children[:LIMIT], places[:LIMIT], cut)


def _children(actor: Actor, words: str, on: date) -> list[FoundChild]:
    named = Q(child__name__contains=words)
    if words.isascii():
        named |= Q(child__initials__startswith=words.lower())
    rows = (
        Enrolment.objects.on(on)
        .filter(named, child__in=children_visible_to(actor, on))
        .select_related("child", "school_class", "school")
        .order_by("child__initials", "child__name", "pk")[: LIMIT + 1]
    )
    return [
        FoundChild(
            name=row.child.name,
            where=f"{row.school.name} {row.school_class.name}",
            url=reverse("pages:child", args=[row.child_id]),
        )
        for row in rows
    ]


def _places(actor: Actor, words: str, on: date) -> list[FoundPlace]:
    found: dict[int, Place] = {}
    for scope in sorted({post.scope_id for post in actor.posts}):
        for place in search_places(words, on, kinds=PLACES_FOUND, within=scope, limit=LIMIT + 1):
            found[place.pk] = place
    with_names = _ids(actor, CHILD_READ, found, on)
    with_figures = _ids(actor, FIGURE_READ, found, on)
    lines = []
    for place in found.values():
        if place.pk in (with_names if place.kind == Place.Kind.CLASS else with_figures):
            label = Place.Kind(place.kind).label
            lines.append(FoundPlace(place.name, label, "", place_url(place)))
    return lines


def _ids(actor: Actor, permission: str, found: dict[int, Place], on: date) -> set[int]:
    rows = places_with(actor, permission, on=on).filter(place__in=found)
    return {row["place_id"] for row in rows}
