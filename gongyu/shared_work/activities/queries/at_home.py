"""What a family is invited to, on its own pages: all its children in one list, its bookings beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import localdate, make_aware

from gongyu.ground.families.shapes import Family
from gongyu.ground.prepared import prepared

from ..kinds import KINDS
from ..models import Activity, Audience, Booking
from ..states import LIVE
from .bookings import live_booking_of, place_in_queue, slots_to_choose
from .links import FamilyPage

AHEAD = timedelta(days=60)
SHOWN = ("invited", "cancelled", "moved")


@dataclass(frozen=True, slots=True)
class Invitation:
    """One activity for some of the family's children; `booking` is its own live one."""

    activity: Activity
    child_ids: tuple[int, ...]
    booking: Booking | None
    moment: datetime

    @property
    def starts_at(self) -> datetime:
        """When the family goes: its slot, or the activity's beginning."""
        slot = self.booking.slot if self.booking else None
        return slot.starts_at if slot else self.activity.starts_at

    @property
    def asks(self) -> bool:
        """Does it wait for the family? A place can be booked and none is."""
        activity = self.activity
        open_until = activity.book_until
        return (
            activity.status == "invited"
            and activity.takes_bookings
            and self.booking is None
            and open_until is not None
            and open_until >= localdate(self.moment)
            and activity.starts_at > self.moment
        )


def invitations(classes: Mapping[int, int | None], on: date, moment: datetime) -> list[Invitation]:
    """What the children of {child id: class id} are invited to from today on, in order of time. Three
    SQL queries."""
    where: dict[int, list[int]] = {}
    for child_id, class_id in classes.items():
        if class_id is not None:
            where.setdefault(class_id, []).append(child_id)
    first = make_aware(datetime.combine(on, time.min))
    last = make_aware(datetime.combine(on + AHEAD, time.min))
    found: dict[int, tuple[Activity, set[int]]] = {}
    for row in _invited(list(where), first, last) if where else ():
        _activity, children = found.setdefault(row.activity_id, (row.activity, set()))
        children.update(where[row.class_place_id])
    bookings = _live_bookings(list(found), list(classes))
    lines = [
        Invitation(activity, tuple(sorted(children)), bookings.get(activity.pk), moment)
        for activity, children in found.values()
    ]
    return sorted(lines, key=lambda line: (line.starts_at, line.activity.pk))


@prepared
def _invited(class_ids: list[int], first: datetime, last: datetime):
    rows = Audience.objects.filter(
        class_place__among=class_ids,
        activity__status__in=SHOWN,
        activity__ends_at__gte=first,
        activity__starts_at__lt=last,
    )
    return rows.select_related("activity__organiser", "activity__school")


def _live_bookings(activity_ids: list[int], child_ids: list[int]) -> dict[int, Booking]:
    if not activity_ids:
        return {}
    return {row.activity_id: row for row in _booked(activity_ids, child_ids)}


@prepared
def _booked(activity_ids: list[int], child_ids: list[int]):
    rows = Booking.objects.filter(
        activity__among=activity_ids, status__in=LIVE, children__child__among=child_ids
    )
    return rows.select_related("slot", "wanted").distinct()


def page_at_home(
    family: Family, activity_id: int, on: date, moment: datetime
) -> tuple[FamilyPage, dict[int, int]] | None:
    """The page of an activity to which the family is invited, and {child id: class id} of its
    children of the audience; None for any other."""
    classes = {child.child_id: child.class_id for child in family.children}
    rows = Audience.objects.filter(activity=activity_id, class_place__in=classes.values())
    invited = set(rows.values_list("class_place_id", flat=True))
    children = {pk: place for pk, place in classes.items() if place in invited}
    activity = Activity.objects.filter(pk=activity_id).exclude(status="planned")
    activity = activity.select_related("organiser", "school", "replaces").first()
    if not children or activity is None or activity.close_by < on:
        return None
    booking = live_booking_of(activity.pk, children)
    bookable = activity.status == "invited" and activity.starts_at > moment
    takes = bookable and activity.book_until is not None and on <= activity.book_until
    page = FamilyPage(
        activity=activity,
        greeting=activity.about or str(KINDS[activity.kind].greeting),
        school=activity.organiser.name,
        children=[child.name for child in family.children if child.child_id in children],
        booking=booking,
        ahead=place_in_queue(booking) if booking and booking.status == "waiting" else 0,
        slots=slots_to_choose(activity, moment) if bookable else [],
        open_until=activity.book_until if takes else None,
        moved=activity.replaces_id is not None,
    )
    return page, children
