"""The schools among which somebody without an account chooses: names and districts, no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.ground.places.models import Place
from gongyu.ground.places.naming import initials
from gongyu.ground.places.queries import ancestors, below, running_classes

FOUND_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class SchoolChoice:
    school_id: int
    name: str
    district: str


@dataclass(frozen=True, slots=True)
class SchoolToTell:
    """The school that a form is about, with its classes of today and whom it goes to."""

    place: Place
    district: Place | None
    classes: list[Place]


def districts_to_choose(on: date) -> list[Place]:
    return list(Place.objects.on(on).filter(kind=Place.Kind.DISTRICT).order_by("code"))


def schools_of_district(district_id: int, on: date) -> tuple[Place, list[Place]] | None:
    """The district with its schools, or None for another number."""
    found = Place.objects.on(on).filter(pk=district_id, kind=Place.Kind.DISTRICT).first()
    if found is None:
        return None
    return found, list(below(found.pk, Place.Kind.SCHOOL, on).order_by("name"))


def schools_found(words: str, on: date) -> list[SchoolChoice]:
    """Schools by a part of their name, or the first letters of it. Three SQL queries at most."""
    words = words.strip()[:20]
    if not words:
        return []
    rows = Place.objects.on(on).filter(kind=Place.Kind.SCHOOL)
    if words.isascii():
        rows = rows.filter(initials__startswith=initials(words))
    else:
        rows = rows.filter(name__contains=words)
    schools = list(rows.order_by("name", "pk")[:FOUND_AT_MOST])
    above = ancestors([school.pk for school in schools], Place.Kind.DISTRICT, on)
    names = Place.objects.in_bulk(set(above.values()))
    return [
        SchoolChoice(s.pk, s.name, names[above[s.pk]].name if s.pk in above else "")
        for s in schools
    ]


def school_to_tell(school_id: int, on: date) -> SchoolToTell | None:
    school = Place.objects.on(on).filter(pk=school_id, kind=Place.Kind.SCHOOL).first()
    if school is None:
        return None
    above = ancestors([school.pk], Place.Kind.DISTRICT, on).get(school.pk)
    district = Place.objects.filter(pk=above).first() if above else None
    return SchoolToTell(school, district, running_classes(school.pk, on))
