"""Which families booked, in which order the others wait, and which have no booking yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Child
from gongyu.ground.places.models import Place
from gongyu.ground.staff.naming import by_name
from gongyu.shared_work.family_links.carers import siblings_of

from .. import rules
from ..models import Activity, Booking, BookingChild, Slot
from ..states import LIVE
from .audience import children_of


@dataclass(frozen=True, slots=True)
class Family:
    """The children of one booking: names with their classes."""

    names: str
    classes: str
    class_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class BookingLine:
    """A booking as its list shows it; `place` is its place in the waiting list, 0 for none."""

    booking: Booking
    family: Family
    place: int = 0


@dataclass(frozen=True, slots=True)
class SlotLine:
    slot: Slot
    lines: list[BookingLine]


@dataclass(frozen=True, slots=True)
class BookingsPage:
    """An activity's bookings as far as the reader sees them: slot by slot, then who waits, in
    order, and whom somebody must tell of what the school changed."""

    activity: Activity
    slots: list[SlotLine]
    waiting: list[BookingLine]
    to_tell: list[BookingLine]

    @property
    def families(self) -> int:
        return sum(len(slot.lines) for slot in self.slots)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child whose family has not booked, with the brothers and sisters who would come along."""

    child_id: int
    name: str
    siblings: str


def bookings_page(activity: Activity, actor: Actor | None, on: date) -> BookingsPage:
    """Every slot with its families. Six SQL queries."""
    seen = rules.bookings_visible_to(actor, on).filter(activity=activity)
    rows = list(seen.select_related("slot", "wanted").order_by("turn").distinct())
    families = families_of(rows)
    queue = list(_waiting(activity))
    lines = [
        BookingLine(row, families[row.pk], queue.index(row.pk) + 1 if row.pk in queue else 0)
        for row in rows
    ]
    return BookingsPage(
        activity=activity,
        slots=[
            SlotLine(slot, [x for x in lines if x.booking.slot_id == slot.pk and _booked(x)])
            for slot in activity.slots.all()
        ],
        waiting=[line for line in lines if line.booking.status == "waiting"],
        to_tell=[line for line in lines if line.booking.to_tell],
    )


def families_of(bookings: Iterable[Booking]) -> dict[int, Family]:
    """{booking id: its children}. One SQL query."""
    ids = [booking.pk for booking in bookings]
    children: dict[int, list[BookingChild]] = {pk: [] for pk in ids}
    rows = BookingChild.objects.filter(booking__in=ids).select_related("child", "class_place")
    for row in rows.order_by("class_place__name", "child__name"):
        children[row.booking_id].append(row)
    return {
        pk: Family(
            "、".join(row.child.name for row in found),
            "、".join(dict.fromkeys(row.class_place.name for row in found)),
            frozenset(row.class_place_id for row in found),
        )
        for pk, found in children.items()
    }


def booking_for(actor: Actor | None, booking_id: int, on: date) -> Booking | None:
    """A booking that the actor may change, or None."""
    seen = rules.bookings_visible_to(actor, on).filter(pk=booking_id)
    rows = Booking.objects.filter(pk__in=seen.values("pk"))
    return rows.select_related("activity", "slot", "wanted").first()


def candidates(activity: Activity, class_id: int, on: date) -> list[Candidate]:
    """The children of a class of the audience without a booking, by name. Eight SQL queries."""
    everybody = children_of(activity.audience.values_list("class_place", flat=True), on)
    taken = set(
        BookingChild.objects.filter(activity=activity, live=True).values_list("child", flat=True)
    )
    ids = [child for child, place in everybody.items() if place == class_id and child not in taken]
    ties = siblings_of(ids, on)
    children = Child.objects.filter(pk__in=ids).order_by("pk")
    return [
        Candidate(
            child.pk,
            child.name,
            "、".join(
                f"{s.class_name} {s.name}"
                for s in ties.get(child.pk, ())
                if s.child_id in everybody and s.child_id not in taken
            ),
        )
        for child in by_name(children, lambda child: child.name)
    ]


def audience_places(activity: Activity) -> list[Place]:
    """The classes that the activity is for, by grade and number."""
    rows = Place.objects.filter(activities_for_class__activity=activity)
    return list(rows.order_by("school_class__stage", "school_class__grade", "school_class__number"))


def slots_to_choose(activity: Activity, moment: datetime) -> list[Slot]:
    """The slots that have not begun, in order of time."""
    return [slot for slot in activity.slots.all() if slot.starts_at > moment]


def place_in_queue(booking: Booking) -> int:
    """How many families stand before this one in the waiting list; 0 for the next."""
    ahead = Booking.objects.filter(
        activity=booking.activity_id, status="waiting", turn__lt=booking.turn
    )
    return ahead.count()


def live_booking_of(activity_id: int, child_ids: Iterable[int]) -> Booking | None:
    """The booking in which one of these children has a place or a turn."""
    rows = Booking.objects.filter(
        activity=activity_id, status__in=LIVE, children__child__in=list(child_ids)
    )
    return rows.select_related("slot", "wanted").order_by("turn").first()


def _waiting(activity: Activity):
    rows = Booking.objects.filter(activity=activity, status="waiting")
    return rows.order_by("turn").values_list("pk", flat=True)


def _booked(line: BookingLine) -> bool:
    return line.booking.status == "booked"
