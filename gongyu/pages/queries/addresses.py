"""The address of a place's page; a place without a page of its own has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from gongyu.ground.access.permissions import CHILD_READ, FIGURE_READ, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.places.queries import path

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
    return reverse(page, args=[place.pk]) if page else ""


def crumbs(place: Place, actor: Actor, on: date) -> list[Step]:
    """From the city down to the place above this one; steps out of the reader's scope are only
    named, so that nobody is led to a page that is not there for him."""
    steps = [each for each in path(place.pk, on) if each.pk != place.pk]
    ids = [each.pk for each in steps]
    figures = _reached(actor, FIGURE_READ, ids, on)
    names = _reached(actor, CHILD_READ, ids, on)
    lines = []
    for each in steps:
        open_to_reader = each.pk in (names if each.kind == Kind.CLASS else figures)
        lines.append(Step(each.name, place_url(each) if open_to_reader else ""))
    return lines


def _reached(actor: Actor, permission: str, ids: list[int], on: date) -> set[int]:
    rows = places_with(actor, permission, on=on).filter(place__in=ids)
    return {row["place_id"] for row in rows}
