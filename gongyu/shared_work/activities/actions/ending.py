"""Move, cancel, close, correct: nothing is deleted, and what replaces an activity is linked to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.ledger.actions import append, standing_fact_of

from .. import facts, rules
from ..models import Activity, Booking, BookingChild, Closing, FamilyLink, Slot
from ..queries.audience import classes_of
from ..rows import end_booking, locked, set_audience
from ..rules import ActivityFault
from ..shapes import Outcome
from ..states import LIVE
from .planning import note


@transaction.atomic
def move_activity(
    activity: Activity,
    starts_at: datetime,
    *,
    reason: str,
    on: date,
    by: Actor,
    where: str = "",
    at: datetime | None = None,
) -> Activity:
    """Another day or hour: the old one stays with its reason, a new one takes its place. Slots,
    bookings, turns in the queue and links go along; whoever booked is to be told.

    Raises ActivityFault. Returns the new one.
    """
    old = locked(activity)
    reason = rules.check_reason(reason, _("请写明为什么改期，家长会看到。"))
    rules.check_can_move(old, starts_at, on, at or now())
    fresh = _replacement(old, starts_at, where, by=by)
    shift = starts_at - old.starts_at
    slots = _shifted_slots(old, fresh, shift)
    _carry_over(old, fresh, slots, by=by)
    FamilyLink.objects.filter(activity=old).update(activity=fresh)
    old.status, old.reason, old.changed_at = "moved", reason, now()
    old.save(update_fields=["status", "reason", "changed_at"])
    _take_plan_back(old, by=by)
    append(facts.planned(fresh), by=by)
    note("activity.move", old, by=by, why=reason, detail={"replaced_by": fresh.pk})
    return fresh


@transaction.atomic
def cancel_activity(
    activity: Activity, *, reason: str, by: Actor, at: datetime | None = None
) -> Activity:
    """It does not take place, and nothing replaces it. Raises ActivityFault."""
    activity = locked(activity)
    reason = rules.check_reason(reason, _("请写明为什么取消，家长会看到。"))
    rules.check_step(activity, "cancel", at or now())
    for booking in activity.bookings.filter(status__in=LIVE):
        booking.to_tell = True
        end_booking(booking, "called_off", staff_id=by.staff_id)
    activity.slots.update(taken=0)
    _end(activity, reason)
    _take_plan_back(activity, by=by)
    note("activity.cancel", activity, by=by, why=reason)
    return activity


@transaction.atomic
def close_activity(
    activity: Activity, outcome: Outcome, *, by: Actor, at: datetime | None = None
) -> Closing:
    """It was held: how many families came, and what they said. Raises ActivityFault."""
    activity = locked(activity)
    rules.check_outcome(outcome)
    rules.check_step(activity, "close", at or now())
    closing = _closing(activity, outcome, by=by)
    activity.status, activity.changed_at = "closed", now()
    activity.save(update_fields=["status", "changed_at"])
    _take_plan_back(activity, by=by)
    append(facts.held(activity, closing), by=by)
    note("activity.close", activity, by=by, detail={"families": outcome.families})
    return closing


@transaction.atomic
def correct_closing(activity: Activity, outcome: Outcome, *, reason: str, by: Actor) -> Closing:
    """The number or the words were wrong; what was told before is kept. Raises ActivityFault."""
    activity = locked(activity)
    reason = rules.check_reason(reason, _("请写明为什么更正。"))
    rules.check_outcome(outcome)
    rules.check_step(activity, "correct", now())
    activity.closings.filter(stands=True).update(stands=False)
    closing = _closing(activity, outcome, by=by, reason=reason)
    standing = standing_fact_of(facts.SOURCE, activity.pk, facts.HELD)
    append(facts.held(activity, closing, supersedes_id=standing.seq), by=by)
    detail = {"families": outcome.families}
    note("activity.correct", activity, by=by, why=reason, detail=detail)
    return closing


@transaction.atomic
def take_back_closing(activity: Activity, *, reason: str, by: Actor) -> Activity:
    """It was closed and had not been held at all: cancelled, and it counts nothing.
    Raises ActivityFault."""
    activity = locked(activity)
    reason = rules.check_reason(reason, _("请写明为什么撤销。"))
    rules.check_step(activity, "take back", now())
    closing = activity.closings.get(stands=True)
    Closing.objects.filter(pk=closing.pk).update(stands=False)
    _end(activity, reason)
    standing = standing_fact_of(facts.SOURCE, activity.pk, facts.HELD)
    append(facts.held(activity, closing, supersedes_id=standing.seq, quantity=0), by=by)
    note("activity.take_back", activity, by=by, why=reason)
    return activity


def _replacement(old: Activity, starts_at: datetime, where: str, *, by: Actor) -> Activity:
    """The same activity at another time, still unknown to anybody but those who were invited."""
    fresh = Activity.objects.get(pk=old.pk)
    shift = starts_at - old.starts_at
    fresh.pk, fresh.replaces = None, old
    fresh.starts_at, fresh.ends_at = starts_at, old.ends_at + shift
    fresh.where = where.strip() or old.where
    if old.book_until is not None:
        days = timedelta(days=(localdate(starts_at) - old.held_on).days)
        fresh.book_until = old.book_until + days
    fresh.key = f"moves-{old.pk}"
    fresh.planned_at = fresh.changed_at = now()
    fresh.planned_by_id = by.staff_id
    fresh.save(force_insert=True)
    standing = {one.place_id for one in classes_of(old.organiser_id, fresh.held_on)}
    classes = standing & set(old.audience.values_list("class_place", flat=True))
    if not classes:
        raise ActivityFault(_("那一天这些班级都不开班，请另选日期。"), "starts_at")
    set_audience(fresh, classes)
    return fresh


def _shifted_slots(old: Activity, fresh: Activity, shift: timedelta) -> dict[int, Slot]:
    """{old slot's id: the same slot at the new time}, as full as before."""
    slots = list(old.slots.all())
    made = Slot.objects.bulk_create(
        Slot(
            activity=fresh,
            starts_at=slot.starts_at + shift,
            ends_at=slot.ends_at + shift,
            host=slot.host,
            capacity=slot.capacity,
            taken=slot.taken,
        )
        for slot in slots
    )
    return {slot.pk: new for slot, new in zip(slots, made, strict=True)}


def _carry_over(old: Activity, fresh: Activity, slots: dict[int, Slot], *, by: Actor) -> None:
    live = list(old.bookings.filter(status__in=LIVE).prefetch_related("children"))
    for booking in live:
        children = list(booking.children.all())
        end_booking(booking, "carried_over", staff_id=by.staff_id)
        new = Booking.objects.create(
            activity=fresh,
            slot=slots.get(booking.slot_id),
            wanted=slots.get(booking.wanted_id),
            turn=booking.turn,
            status="booked" if booking.slot_id else "waiting",
            made_by=booking.made_by,
            to_tell=True,
            made_at=booking.made_at,
            changed_at=now(),
            changed_by_id=by.staff_id,
        )
        BookingChild.objects.bulk_create(
            BookingChild(
                booking=new,
                activity=fresh,
                child_id=row.child_id,
                class_place_id=row.class_place_id,
            )
            for row in children
        )
    old.slots.update(taken=0)


def _end(activity: Activity, reason: str) -> None:
    activity.status, activity.reason, activity.changed_at = "cancelled", reason, now()
    activity.save(update_fields=["status", "reason", "changed_at"])


def _closing(activity: Activity, outcome: Outcome, *, by: Actor, reason: str = "") -> Closing:
    return Closing.objects.create(
        activity=activity,
        families=outcome.families,
        counted_by=outcome.counted_by,
        said=outcome.said.strip(),
        reason=reason,
        recorded_at=now(),
        recorded_by_id=by.staff_id,
    )


def _take_plan_back(activity: Activity, *, by: Actor) -> None:
    standing = standing_fact_of(facts.SOURCE, activity.pk, facts.PLANNED)
    if standing is not None:
        append(facts.planned(activity, supersedes_id=standing.seq, quantity=0), by=by)
