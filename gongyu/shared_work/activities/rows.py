"""Rows of activities, places and turns, written by actions: under the lock of the activity's row,
so that 200 families at once are served one after the other and nobody is given a place twice.
"""

from __future__ import annotations

from django.db.models import F

from gongyu.ground.calendar.clock import now

from .models import Activity, Audience, Booking, Slot


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


def end_booking(booking: Booking, status: str, *, staff_id: int | None) -> None:
    """The booking is over: its children may be booked again."""
    booking.status = status
    booking.changed_at, booking.changed_by_id = now(), staff_id
    booking.save(update_fields=["status", "changed_at", "changed_by", "to_tell"])
    booking.children.update(live=False)


def set_audience(activity: Activity, class_ids: set[int]) -> None:
    """Makes the classes of the activity exactly these."""
    there = set(activity.audience.values_list("class_place", flat=True))
    activity.audience.filter(class_place__in=there - class_ids).delete()
    Audience.objects.bulk_create(
        Audience(activity=activity, class_place_id=class_id)
        for class_id in sorted(class_ids - there)
    )
