"""A school opens, renames, closes and merges its classes and campuses between two rosters."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places import actions as places
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.staff.actions import close_post

from . import queries_classes as queries
from . import rules_classes as rules
from .actions import move_class


@transaction.atomic
def open_campus(school: Place, name: str, from_on: date, *, by: Actor) -> Place:
    """Open a campus or teaching point. Raises PlaceRefused."""
    _locked(school)
    return places.open_campus(queries.next_campus_code(school), name, school.pk, from_on, by=by)


@transaction.atomic
def close_class(place: Place, until_on: date, *, by: Actor, why: str = "") -> Place:
    """Close an empty class: `until_on` is the first day without it; the posts there end with it.
    Raises PeopleRefused, PlaceRefused or PostRefused."""
    held = _locked(place)
    rules.check_can_close_class(held, until_on)
    _end_posts(held, until_on, why, by)
    return places.close_place(held, until_on, by=by)


@transaction.atomic
def close_campus(place: Place, until_on: date, *, by: Actor) -> Place:
    """Close a campus without classes. Raises PeopleRefused or PlaceRefused."""
    held = _locked(place)
    rules.check_can_close_campus(held, until_on, queries.classes_in(held, until_on))
    return places.close_place(held, until_on, by=by)


@transaction.atomic
def merge_classes(closing: Place, into: Place, on: date, *, by: Actor) -> int:
    """Every child of `closing` is in `into` from the day on, and `closing` is no more; returns how
    many moved. All or nothing. Raises PeopleRefused, PlaceRefused or PostRefused."""
    _locked(closing)
    classes = SchoolClass.objects.select_related("place").in_bulk([closing.pk, into.pk])
    seats = queries.seats_from(closing.pk, on)
    rules.check_can_merge(classes[closing.pk], classes[into.pk], on, seats)
    for seat in seats:
        move_class(seat, into, on, by=by)
    _end_posts(closing, on, "", by)
    places.close_place(closing, on, successor=into, by=by)
    return len(seats)


def _end_posts(place: Place, until_on: date, why: str, by: Actor) -> None:
    for post in queries.posts_from(place.pk, until_on):
        if post.until_on != until_on:
            close_post(post, until_on, by=by, why=why)


def _locked(place: Place) -> Place:
    # Whoever brings a child into a class at the same moment waits here, or is seen here.
    return Place.objects.select_for_update(of=("self",)).get(pk=place.pk)


@transaction.atomic
def export_classes(school: Place, *, on: date, by: Actor) -> queries.ClassesPage:
    """The classes of a school as they stand on the day, for a sheet."""
    page = queries.classes_page(school, on)
    record(
        "export.make",
        by=by,
        subject=("place", school.pk),
        place_id=school.pk,
        detail={"what": "classes", "rows": len(page.classes)},
    )
    return page
