"""The address of a place's page; a place without a page of its own has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from gongyu.ground.access.permissions import CHILD_READ, FIGURE_READ, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.design.addresses import address
from gongyu.ground.places.models import Place
from gongyu.ground.places.queries import path
from gongyu.ground.prepared import prepared

Kind = Place.Kind
PAGES = {
    Kind.DISTRICT: "pages:district",
    Kind.TOWN: "pages:town",
    Kind.SCHOOL: "pages:school",
    Kind.CLASS: "pages:class",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line that says where one is; without an address it is only named."""

    label: str
    url: str = ""


def place_url(place: Place) -> str:
    if place.kind == Kind.CITY:
        return reverse("pages:city")
    page = PAGES.get(place.kind)
    return address(page, place.pk) if page else ""


def crumbs(place: Place, actor: Actor, on: date) -> list[Step]:
    """From the city down to the place above this one; steps out of the reader's scope are only
    named, so that nobody is led to a page that is not there for him."""
    steps = [each for each in path(place.pk, on) if each.pk != place.pk]
    if not steps:
        return []
    ids = [each.pk for each in steps]
    figures = set(places_open(actor, ids, on, permission=FIGURE_READ))
    names = set(places_open(actor, ids, on, permission=CHILD_READ))
    lines = []
    for each in steps:
        open_to_reader = each.pk in (names if each.kind == Kind.CLASS else figures)
        lines.append(Step(each.name, place_url(each) if open_to_reader else ""))
    return lines


@prepared
def places_open(actor: Actor, ids: list[int], on: date, *, permission: str, kind: str = ""):
    """Those of the places in which the actor has the permission."""
    rows = places_with(actor, permission, kind=kind or None, on=on).filter(place__among=ids)
    return rows.values_list("place_id", flat=True)


def place_at(place_id: int) -> Place:
    """The place of a post of today."""
    return _place(place_id)[0]


@prepared
def _place(place_id: int):
    return Place.objects.filter(pk=place_id)
