"""Plan an activity, change the plan before anybody is invited, make its slots."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.ledger.actions import append, standing_fact_of
from gongyu.ground.places.models import Place

from .. import facts, rules
from ..models import Activity, Booking, Slot
from ..queries.audience import classes_of, school_of
from ..rows import locked, set_audience
from ..rules import ActivityFault
from ..shapes import Plan, SlotPlan
from .queueing import fill_from_the_queue


@transaction.atomic
def plan_activity(plan: Plan, *, key: str, on: date, by: Actor) -> Activity:
    """Write down that a school or campus receives families. The same form sent twice is the same
    activity. Raises ActivityFault."""
    rules.check_plan(plan, on)
    school = _school_of(plan)
    # Two taps at once wait for each other here; the second finds the first one's activity.
    Place.objects.select_for_update(of=("self",)).get(pk=school.pk)
    sent = Activity.objects.filter(planned_by=by.staff_id, key=key).first()
    if sent is not None:
        return sent
    activity = Activity(
        school=school,
        key=key,
        planned_at=now(),
        planned_by_id=by.staff_id,
        **_columns(plan),
    )
    activity.save(force_insert=True)
    set_audience(activity, set(plan.class_ids))
    append(facts.planned(activity), by=by)
    note("activity.plan", activity, by=by)
    return activity


@transaction.atomic
def change_plan(activity: Activity, plan: Plan, *, on: date, by: Actor) -> Activity:
    """Another day, place or audience, before anybody was invited. Slots that no longer lie within
    it fall away. Raises ActivityFault."""
    activity = locked(activity)
    rules.check_can_change(activity)
    rules.check_plan(plan, on)
    if _school_of(plan).pk != activity.school_id:
        raise ActivityFault(_("主办单位要是本校或本校的校区。"), "organiser")
    for name, value in _columns(plan).items():
        setattr(activity, name, value)
    activity.save()
    set_audience(activity, set(plan.class_ids))
    outside = activity.slots.exclude(
        starts_at__gte=activity.starts_at, ends_at__lte=activity.ends_at
    )
    (outside if activity.takes_bookings else activity.slots.all()).delete()
    standing = standing_fact_of(facts.SOURCE, activity.pk, facts.PLANNED)
    append(facts.planned(activity, supersedes_id=standing.seq), by=by)
    note("activity.change", activity, by=by)
    return activity


@transaction.atomic
def make_slots(
    activity: Activity, plan: SlotPlan, *, by: Actor, at: datetime | None = None
) -> list[Slot]:
    """Slots one after the other; families that wait move up into them. `at` is now unless told, as
    everywhere here. Raises ActivityFault."""
    moment = at or now()
    activity = locked(activity)
    rules.check_can_add_slots(activity, moment)
    rules.check_slot_plan(plan, activity)
    starts = _starts(plan)
    there = set(
        activity.slots.filter(host=plan.host).values_list("starts_at", "ends_at").order_by()
    )
    length = timedelta(minutes=plan.minutes)
    if any(start < end and first < start + length for start in starts for first, end in there):
        raise ActivityFault(_("这里和已有的时段重叠；同时有几处的，请写明在哪里、找谁。"), "host")
    if activity.slots.count() + len(starts) > rules.MOST_SLOTS:
        raise ActivityFault(_("一次活动最多200个时段。"))
    made = Slot.objects.bulk_create(
        Slot(
            activity=activity,
            starts_at=start,
            ends_at=start + length,
            host=plan.host,
            capacity=plan.capacity,
        )
        for start in starts
    )
    for slot in made:
        fill_from_the_queue(activity, slot, moment, by=by)
    note("activity.slots", activity, by=by, detail={"made": len(made)})
    return made


@transaction.atomic
def drop_slot(slot: Slot, *, by: Actor) -> None:
    """Take away a slot that nobody booked and nobody waits for. Raises ActivityFault."""
    activity = locked(slot.activity)
    used = Booking.objects.filter(slot=slot) | Booking.objects.filter(wanted=slot)
    if used.exists():
        raise ActivityFault(_("这个时段有家庭约过，不能删除。"))
    slot.delete()
    note("activity.slots", activity, by=by, detail={"dropped": 1})


def note(
    verb: str, activity: Activity, *, by: Actor, why: str = "", detail: dict | None = None
) -> None:
    """The audit row of a deed with an activity, inside its transaction."""
    about = {"kind": activity.kind, **(detail or {})}
    record(
        verb,
        by=by,
        subject=("activity", activity.pk),
        place_id=activity.school_id,
        why=why,
        detail=about,
    )


def _school_of(plan: Plan) -> Place:
    day = localdate(plan.starts_at)
    school = school_of(plan.organiser_id, day)
    if school is None:
        raise ActivityFault(_("那一天这里还没有开办，或已经撤并。"), "starts_at")
    standing = {one.place_id for one in classes_of(plan.organiser_id, day)}
    if set(plan.class_ids) - standing:
        raise ActivityFault(_("选中的班级里有的那一天不开班，请重新选择。"), "scope")
    return school


def _columns(plan: Plan) -> dict:
    slots = plan.entry == Activity.Entry.SLOTS
    return {
        "kind": plan.kind,
        "organiser_id": plan.organiser_id,
        "title": plan.title,
        "about": plan.about,
        "where": plan.where,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "scope": plan.scope,
        "entry": plan.entry,
        "book_until": plan.book_until if slots else None,
        "responsible_id": plan.responsible_id,
        "changed_at": now(),
    }


def _starts(plan: SlotPlan) -> list[datetime]:
    length, step = timedelta(minutes=plan.minutes), timedelta(minutes=plan.minutes + plan.gap)
    starts, start = [], plan.first_at
    while start + length <= plan.until and len(starts) <= rules.MOST_SLOTS:
        starts.append(start)
        start += step
    if not starts:
        raise ActivityFault(_("这段时间放不下一个时段，请缩短时长。"), "minutes")
    return starts
