"""Places and turns: everything here happens under the lock of the activity's row, so that 200
families at once are served one after the other and nobody is given a place twice."""

from __future__ import annotations

from django.db.models import F, Q

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now

from ..models import Activity, Booking, Slot


def locked(activity: Activity) -> Activity:
    """The activity as it stands now, held until the transaction ends."""
    rows = Activity.objects.select_for_update(of=("self",))
    return rows.get(pk=activity.pk)


def take_place(slot: Slot) -> bool:
    """One place fewer, if there is one. The database refuses more than the capacity besides."""
    free = Slot.objects.filter(pk=slot.pk, taken__lt=F("capacity"))
    return free.update(taken=F("taken") + 1) == 1


def next_turn(activity: Activity) -> int:
    """The next number of the queue; needs the lock."""
    turn = activity.next_turn
    activity.next_turn = turn + 1
    activity.save(update_fields=["next_turn"])
    return turn


def free_place(activity: Activity, slot: Slot, *, by: Actor) -> None:
    """A place is free again and goes, in this very transaction, to whoever waits longest."""
    Slot.objects.filter(pk=slot.pk).update(taken=F("taken") - 1)
    fill_from_the_queue(activity, slot, by=by)


def fill_from_the_queue(activity: Activity, slot: Slot, *, by: Actor) -> None:
    """Gives what is free in a slot to those who wait for it, or for any, in the order of turns."""
    if slot.starts_at <= now() or activity.status != "invited":
        return
    waiting = activity.bookings.filter(status="waiting").filter(
        Q(wanted=slot) | Q(wanted__isnull=True)
    )
    for booking in waiting.order_by("turn"):
        if not take_place(slot):
            return
        booking.slot, booking.status = slot, "booked"
        booking.to_tell, booking.changed_at = True, now()
        booking.save(update_fields=["slot", "status", "to_tell", "changed_at"])
        note_booking("booking.move_up", booking, by=by, detail={"slot": slot.pk})


def end_booking(booking: Booking, status: str, *, staff_id: int | None) -> None:
    """The booking is over: its children may be booked again."""
    booking.status = status
    booking.changed_at, booking.changed_by_id = now(), staff_id
    booking.save(update_fields=["status", "changed_at", "changed_by", "to_tell"])
    booking.children.update(live=False)


def note_booking(verb: str, booking: Booking, *, by: Actor, detail: dict | None = None) -> None:
    """The audit row of a deed with a booking: ids and codes, never a name."""
    record(
        verb,
        by=by,
        subject=("booking", booking.pk),
        place_id=booking.activity.school_id,
        detail={"activity": booking.activity_id, **(detail or {})},
    )
