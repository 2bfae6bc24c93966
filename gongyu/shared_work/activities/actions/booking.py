"""Book, change and cancel: a family by its link, staff for a family without a phone."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.shared_work.family_links.carers import siblings_of

from .. import rules
from ..models import Activity, Booking, BookingChild, FamilyLink, Slot
from ..patience import patiently
from ..queries.audience import children_of
from ..queries.bookings import live_booking_of
from ..queries.links import children_invited, open_link
from ..rows import end_booking, locked, next_turn, take_place
from ..rules import ActivityFault
from .queueing import free_place, note_booking

# A link names nobody: whoever holds it books for the family.
FAMILY = Actor(user_id=None, name="家长（家庭链接）")


class LinkClosed(Exception):
    """The link is wrong, too old, or no longer for this person; nobody is told which."""


@patiently
@transaction.atomic
def book_by_link(token: str, slot_id: int | None, *, on: date, by: Actor = FAMILY) -> Booking:
    """A place in the slot, or a turn in its queue; without a slot, in whichever is free or frees
    first. A second tap finds the first one's booking. Raises LinkClosed, ActivityFault."""
    _link, activity, children = _opened(token, on)
    rules.check_takes_bookings(activity, now(), last_day=on)
    return _book(activity, children, slot_id, Booking.MadeBy.FAMILY, now(), by=by)


@patiently
@transaction.atomic
def change_by_link(token: str, slot_id: int, *, on: date, by: Actor = FAMILY) -> Booking:
    """Another time; the former place goes to whoever waits. Raises LinkClosed, ActivityFault."""
    _link, activity, children = _opened(token, on)
    rules.check_takes_bookings(activity, now(), last_day=on)
    return _change(_own(activity, children), activity, slot_id, by=by)


@patiently
@transaction.atomic
def cancel_by_link(token: str, *, on: date, by: Actor = FAMILY) -> Booking:
    """The family does not come; its place goes to whoever waits. Possible until it begins, because
    an empty place helps nobody. Raises LinkClosed, ActivityFault."""
    _link, activity, children = _opened(token, on)
    rules.check_takes_bookings(activity, now(), last_day=None)
    return _cancel(_own(activity, children), activity, by=by)


@patiently
@transaction.atomic
def book_at_home(
    activity: Activity, children: dict[int, int], slot_id: int | None, *, on: date, by: Actor
) -> Booking:
    """A carer books on the family's own pages, for {child id: class id} of the audience. Raises
    ActivityFault."""
    activity = locked(activity)
    rules.check_takes_bookings(activity, now(), last_day=on)
    return _book(activity, children, slot_id, Booking.MadeBy.FAMILY, now(), by=by)


@patiently
@transaction.atomic
def change_at_home(
    activity: Activity, children: dict[int, int], slot_id: int, *, on: date, by: Actor
) -> Booking:
    """Another time; the former place goes to whoever waits. Raises ActivityFault."""
    activity = locked(activity)
    rules.check_takes_bookings(activity, now(), last_day=on)
    return _change(_own(activity, children), activity, slot_id, by=by)


@patiently
@transaction.atomic
def cancel_at_home(activity: Activity, children: dict[int, int], *, by: Actor) -> Booking:
    """The family does not come. Raises ActivityFault."""
    activity = locked(activity)
    rules.check_takes_bookings(activity, now(), last_day=None)
    return _cancel(_own(activity, children), activity, by=by)


@patiently
@transaction.atomic
def book_for_family(
    activity: Activity,
    child_id: int,
    slot_id: int | None,
    *,
    on: date,
    by: Actor,
    at: datetime | None = None,
) -> Booking:
    """The teacher writes down what a family said; brothers and sisters of the audience come along.
    Raises ActivityFault."""
    activity = locked(activity)
    moment = at or now()
    rules.check_takes_bookings(activity, moment, last_day=None)
    everybody = children_of(activity.audience.values_list("class_place", flat=True), on)
    if child_id not in everybody:
        raise ActivityFault(_("这个孩子今天不在活动面向的班级里。"), "child")
    siblings = [s.child_id for s in siblings_of([child_id], on).get(child_id, ())]
    family = {pk: everybody[pk] for pk in [child_id, *siblings] if pk in everybody}
    return _book(activity, family, slot_id, Booking.MadeBy.STAFF, moment, by=by)


@patiently
@transaction.atomic
def change_booking(booking: Booking, slot_id: int, *, by: Actor) -> Booking:
    """Another time, as the family asked on the telephone. Raises ActivityFault."""
    activity = locked(booking.activity)
    rules.check_takes_bookings(activity, now(), last_day=None)
    return _change(_fresh(booking), activity, slot_id, by=by)


@patiently
@transaction.atomic
def cancel_booking(booking: Booking, *, by: Actor) -> Booking:
    """The family said that it does not come. Raises ActivityFault."""
    activity = locked(booking.activity)
    rules.check_takes_bookings(activity, now(), last_day=None)
    return _cancel(_fresh(booking), activity, by=by)


@transaction.atomic
def note_told(booking: Booking, *, by: Actor) -> Booking:
    """The family knows what the school changed."""
    booking.to_tell = False
    booking.save(update_fields=["to_tell"])
    note_booking("booking.told", booking, by=by)
    return booking


def _opened(token: str, on: date) -> tuple[FamilyLink, Activity, dict[int, int]]:
    link = open_link(token, on)
    if link is None:
        raise LinkClosed
    # An activity that moves in this moment takes its links along: the lock comes first.
    activity = locked(link.activity)
    link.refresh_from_db(fields=["activity"])
    children = children_invited(link, on) if link.activity_id == activity.pk else {}
    if not children:
        raise LinkClosed
    return link, activity, children


def _own(activity: Activity, children: dict[int, int]) -> Booking:
    booking = live_booking_of(activity.pk, children)
    if booking is None:
        raise ActivityFault(_("您还没有约过，或者已经取消了。"))
    return booking


def _fresh(booking: Booking) -> Booking:
    # Read again under the lock: somebody else may have changed it in between.
    return Booking.objects.select_related("slot", "wanted", "activity").get(pk=booking.pk)


def _book(
    activity: Activity,
    family: dict[int, int],
    slot_id: int | None,
    made_by: str,
    moment: datetime,
    *,
    by: Actor,
) -> Booking:
    there = live_booking_of(activity.pk, family)
    if there is not None:
        if slot_id in {there.slot_id, there.wanted_id}:
            return there
        raise ActivityFault(_("这家已经约过了；要换时间，请在原来的预约上换。"))
    slot = _slot(activity, slot_id, moment)
    placed = _placed(activity, slot, moment)
    booking = Booking.objects.create(
        activity=activity,
        slot=placed,
        wanted=slot,
        turn=next_turn(activity),
        status="booked" if placed else "waiting",
        made_by=made_by,
        made_at=now(),
        changed_at=now(),
        changed_by_id=by.staff_id,
    )
    BookingChild.objects.bulk_create(
        BookingChild(booking=booking, activity=activity, child_id=child, class_place_id=place)
        for child, place in sorted(family.items())
    )
    detail = {"status": booking.status, "made_by": made_by, "children": len(family)}
    note_booking("booking.make", booking, by=by, detail=detail)
    return booking


def _slot(activity: Activity, slot_id: int | None, moment: datetime) -> Slot | None:
    if slot_id is None:
        return None
    slot = activity.slots.filter(pk=slot_id).first()
    if slot is None:
        raise ActivityFault(_("请选一个时间。"), "slot")
    rules.check_slot_to_come(slot, moment)
    return slot


def _placed(activity: Activity, slot: Slot | None, moment: datetime) -> Slot | None:
    """The slot in which there was a place; whoever has no wish takes the first that is free."""
    wished = [slot] if slot else [s for s in activity.slots.all() if s.starts_at > moment]
    return next((each for each in wished if take_place(each)), None)


def _change(booking: Booking, activity: Activity, slot_id: int, *, by: Actor) -> Booking:
    rules.check_can_change_booking(booking, "change time")
    slot = _slot(activity, slot_id, now())
    if slot is None:
        raise ActivityFault(_("请选一个时间。"), "slot")
    if booking.slot_id == slot.pk:
        return booking
    former, got = booking.slot, take_place(slot)
    if former is not None and not got:
        raise ActivityFault(_("这个时间刚刚满了；您原来的时间还给您留着。"), "slot")
    booking.wanted = slot
    booking.slot, booking.status = (slot, "booked") if got else (None, "waiting")
    booking.changed_at, booking.changed_by_id = now(), by.staff_id
    booking.save()
    detail = {"status": booking.status, "slot": slot.pk}
    note_booking("booking.change", booking, by=by, detail=detail)
    if former is not None:
        free_place(activity, former, now(), by=by)
    return booking


def _cancel(booking: Booking, activity: Activity, *, by: Actor) -> Booking:
    rules.check_can_change_booking(booking, "cancel")
    booking.to_tell = False
    end_booking(booking, "cancelled", staff_id=by.staff_id)
    note_booking("booking.cancel", booking, by=by)
    if booking.slot is not None:
        free_place(activity, booking.slot, now(), by=by)
    return booking
