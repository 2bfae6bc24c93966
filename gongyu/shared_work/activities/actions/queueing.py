"""The queue moves: whoever frees a place gives it, in the same transaction, to who waits longest."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now

from ..models import Activity, Booking, Slot
from ..rows import take_place


def free_place(activity: Activity, slot: Slot, moment: datetime, *, by: Actor) -> None:
    """A place is free again and goes, in this very transaction, to whoever waits longest."""
    Slot.objects.filter(pk=slot.pk).update(taken=F("taken") - 1)
    fill_from_the_queue(activity, slot, moment, by=by)


def fill_from_the_queue(activity: Activity, slot: Slot, moment: datetime, *, by: Actor) -> None:
    """Gives what is free in a slot to those who wait for it, or for any, in the order of turns."""
    if slot.starts_at <= moment or activity.status != "invited":
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


def note_booking(verb: str, booking: Booking, *, by: Actor, detail: dict | None = None) -> None:
    """The audit row of a deed with a booking, inside its transaction: ids and codes, never a name."""
    record(
        verb,
        by=by,
        subject=("booking", booking.pk),
        place_id=booking.activity.school_id,
        detail={"activity": booking.activity_id, **(detail or {})},
    )
