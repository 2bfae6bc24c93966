"""Who enters which page: each rule finds the thing, or answers None and the page is a 404."""

from __future__ import annotations

from django.http import HttpRequest

from gongyu.ground.calendar.clock import now, today
from gongyu.ground.places.models import Place

from .. import rules
from ..models import Activity, Booking, Slot
from ..queries import lists
from ..queries.bookings import booking_for
from ..queries.lists import ActivityPage


def sees_any(request: HttpRequest) -> bool:
    return rules.may_see_at_all(request.actor)


def reads_school(request: HttpRequest, pk: int) -> Place | None:
    return next((p for p in lists.schools_seen_by(request.actor, today()) if p.pk == pk), None)


def keeps_school(request: HttpRequest, pk: int) -> Place | None:
    if not rules.may_keep_activities(request.actor, pk, today()):
        return None
    return reads_school(request, pk)


def keeps_class(request: HttpRequest, pk: int) -> Place | None:
    """A class whose parents' meetings the actor plans."""
    if not rules.may_keep_class(request.actor, pk, today()):
        return None
    return next((p for p in lists.classes_seen_by(request.actor, today()) if p.pk == pk), None)


def books_class(request: HttpRequest, pk: int) -> Place | None:
    """A class whose families' bookings the actor keeps."""
    if not rules.may_keep_bookings(request.actor, pk, today()):
        return None
    return next((p for p in lists.classes_seen_by(request.actor, today()) if p.pk == pk), None)


def reads_activity(request: HttpRequest, pk: int) -> ActivityPage | None:
    return lists.activity_page(request.actor, pk, today(), now())


def keeps_activity(request: HttpRequest, pk: int) -> Activity | None:
    found = lists.activity_for(request.actor, pk, today())
    if found is None or not rules.may_keep_activity(request.actor, found, today()):
        return None
    return found


def reads_bookings(request: HttpRequest, pk: int) -> Activity | None:
    """The whole activity's; what they see is scoped again, booking by booking."""
    found = lists.activity_for(request.actor, pk, today())
    if found is None or not rules.may_list_bookings(request.actor, found, today()):
        return None
    return found


def books_for_class(request: HttpRequest, pk: int, class_id: int) -> tuple[Activity, Place] | None:
    """An activity, and a class of its audience whose families' bookings the actor keeps."""
    place = books_class(request, class_id)
    found = lists.activity_for(request.actor, pk, today()) if place else None
    if found is None or not lists.is_for_class(found, class_id):
        return None
    return found, place


def keeps_booking(request: HttpRequest, pk: int) -> Booking | None:
    return booking_for(request.actor, pk, today())


def keeps_slot(request: HttpRequest, pk: int) -> Slot | None:
    found = lists.slot_with_activity(pk)
    if found is None or keeps_activity(request, found.activity_id) is None:
        return None
    return found
