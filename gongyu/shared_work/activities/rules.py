"""Who may read and keep activities and bookings, and in which state each may change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import (
    ACTIVITY_KEEP,
    ACTIVITY_READ,
    BOOKING_KEEP,
    holds,
    may,
    places_with,
)
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Enrolment
from gongyu.ground.places.models import Place

from .kinds import KINDS, OF_A_CLASS
from .models import Activity, Audience, Booking, BookingChild, Slot
from .shapes import Outcome, Plan, SlotPlan
from .states import ACTIVITY, BOOKING, LIVE, leads_to

# Beyond these a day is a slip of the pen; what nobody planned may still be entered afterwards.
FARTHEST_AHEAD, FARTHEST_BACK = timedelta(days=366), timedelta(days=200)
MOST_SLOTS, MOST_FAMILIES = 200, 20_000


class ActivityFault(ValueError):
    """What cannot be done; `field` names the form's field (empty: the whole form)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


# Who


def may_see_at_all(actor: Actor | None) -> bool:
    return holds(actor, ACTIVITY_READ)


def may_read_school(actor: Actor | None, school_id: int, on: date) -> bool:
    return may(actor, ACTIVITY_READ, school_id, on)


def may_keep_activities(actor: Actor | None, school_id: int, on: date) -> bool:
    return may(actor, ACTIVITY_KEEP, school_id, on)


def may_keep_class(actor: Actor | None, class_id: int, on: date) -> bool:
    """Plan a parents' meeting of this class: its class teacher of today, and leaders."""
    return may(actor, ACTIVITY_KEEP, class_id, on)


def may_keep_activity(actor: Actor | None, activity: Activity, on: date) -> bool:
    """Leaders keep their school's; class teachers the parents' meetings that are for classes of
    their own alone. True exactly for `activities_kept_by`."""
    if may_keep_activities(actor, activity.school_id, on):
        return True
    if activity.kind != OF_A_CLASS or activity.scope != Activity.Scope.CLASSES:
        return False
    return _for_all_classes(actor, ACTIVITY_KEEP, activity, on)


def activities_kept_by(actor: Actor | None, on: date) -> QuerySet[Activity]:
    """The activities that the actor changes, moves, cancels and closes."""
    schools = places_with(actor, ACTIVITY_KEEP, kind=Place.Kind.SCHOOL, on=on)
    classes = places_with(actor, ACTIVITY_KEEP, kind=Place.Kind.CLASS, on=on)
    audience = Audience.objects.filter(activity=OuterRef("pk"))
    own = Q(Exists(audience)) & ~Q(Exists(audience.exclude(class_place__in=classes)))
    of_class = Q(kind=OF_A_CLASS, scope=Activity.Scope.CLASSES)
    return Activity.objects.filter(Q(school__in=schools) | of_class & own)


def may_list_bookings(actor: Actor | None, activity: Activity, on: date) -> bool:
    """The whole list of an activity: leaders, and class teachers where it is for their classes
    alone. What they see of it is scoped again, booking by booking."""
    if may_keep_bookings(actor, activity.school_id, on):
        return True
    chosen = activity.scope == Activity.Scope.CLASSES
    return chosen and _for_all_classes(actor, BOOKING_KEEP, activity, on)


def _for_all_classes(actor: Actor | None, permission: str, activity: Activity, on: date) -> bool:
    if not holds(actor, permission):
        return False
    rows = list(activity.audience.values_list("class_place", flat=True))
    return bool(rows) and all(may(actor, permission, class_id, on) for class_id in rows)


def may_keep_bookings(actor: Actor | None, place_id: int, on: date) -> bool:
    """Of a class, or of a whole school."""
    return may(actor, BOOKING_KEEP, place_id, on)


def activities_visible_to(actor: Actor | None, on: date) -> QuerySet[Activity]:
    """Leaders see their school's; teachers those that are for a class of theirs."""
    schools = places_with(actor, ACTIVITY_READ, kind=Place.Kind.SCHOOL, on=on)
    classes = places_with(actor, ACTIVITY_READ, kind=Place.Kind.CLASS, on=on)
    for_class = Audience.objects.filter(activity=OuterRef("pk"), class_place__in=classes)
    return Activity.objects.filter(Q(school__in=schools) | Q(Exists(for_class)))


def may_read_activity(actor: Actor | None, activity: Activity, on: date) -> bool:
    if may_read_school(actor, activity.school_id, on):
        return True
    rows = activity.audience.values_list("class_place", flat=True)
    return any(may(actor, ACTIVITY_READ, class_id, on) for class_id in rows)


def bookings_visible_to(actor: Actor | None, on: date) -> QuerySet[Booking]:
    """Leaders see their school's; class teachers those of pupils of today in a class of theirs."""
    if not holds(actor, BOOKING_KEEP):
        return Booking.objects.none()
    schools = places_with(actor, BOOKING_KEEP, kind=Place.Kind.SCHOOL, on=on)
    classes = places_with(actor, BOOKING_KEEP, kind=Place.Kind.CLASS, on=on)
    here = Enrolment.objects.on(on).filter(child=OuterRef("child"), school_class__in=classes)
    of_class = BookingChild.objects.filter(Exists(here), booking=OuterRef("pk"))
    return Booking.objects.filter(Q(activity__school__in=schools) | Q(Exists(of_class)))


def may_read_booking(actor: Actor | None, booking: Booking, on: date) -> bool:
    if may_keep_bookings(actor, booking.activity.school_id, on):
        return True
    children = booking.children.values("child")
    classes = Enrolment.objects.on(on).filter(child__in=children)
    return any(
        may_keep_bookings(actor, class_id, on)
        for class_id in classes.values_list("school_class", flat=True)
    )


# In which state


def check_step(activity: Activity, step: str, moment: datetime) -> None:
    """Raises ActivityFault where the table has no such step from here."""
    if leads_to(ACTIVITY, activity.state_at(moment), step) is None:
        raise ActivityFault(
            _("这次活动%(state)s，不能这样做。") % {"state": activity.label_at(moment)}
        )


def check_plan(plan: Plan, on: date) -> None:
    """What can be said of a plan by itself."""
    if plan.kind not in KINDS:
        raise ActivityFault(_("请选择是哪一类活动。"), "kind")
    if plan.ends_at <= plan.starts_at:
        raise ActivityFault(_("结束时间要晚于开始时间。"), "ends_at")
    if localdate(plan.ends_at) != localdate(plan.starts_at):
        raise ActivityFault(_("一次活动在一天之内；分几天的，请分别登记。"), "ends_at")
    check_day(localdate(plan.starts_at), on)
    if not plan.class_ids:
        raise ActivityFault(_("请选择面向哪些班级；那一天要有开设的班级。"), "scope")
    if plan.entry == Activity.Entry.SLOTS:
        if localdate(plan.starts_at) < on:
            raise ActivityFault(_("已经过去的活动不用预约，请选“随到随进”。"), "entry")
        if plan.book_until is None:
            raise ActivityFault(_("请写最晚哪天预约。"), "book_until")
        if not on <= plan.book_until <= localdate(plan.starts_at):
            raise ActivityFault(_("预约的最后一天要在今天和活动当天之间。"), "book_until")


def check_day(held_on: date, on: date) -> None:
    if not on - FARTHEST_BACK <= held_on <= on + FARTHEST_AHEAD:
        raise ActivityFault(_("日期离今天太远，请核对年份。"), "starts_at")


def check_can_change(activity: Activity) -> None:
    if activity.status != "planned":
        raise ActivityFault(_("已经邀请了家长，不能再改；时间要变请用“改期”。"))


def check_can_move(activity: Activity, starts_at: datetime, on: date, moment: datetime) -> None:
    check_step(activity, "move", moment)
    if localdate(starts_at) < on:
        raise ActivityFault(_("新的日期不能早于今天。"), "starts_at")
    if starts_at == activity.starts_at:
        raise ActivityFault(_("新的时间和原来一样。"), "starts_at")
    check_day(localdate(starts_at), on)


def check_reason(reason: str, words: str) -> str:
    if not reason.strip():
        raise ActivityFault(words, "reason")
    return reason.strip()


def check_outcome(outcome: Outcome) -> None:
    if not 0 <= outcome.families <= MOST_FAMILIES:
        raise ActivityFault(_("到场家庭数请核对一下。"), "families")


def check_slot_plan(plan: SlotPlan, activity: Activity) -> None:
    if not activity.takes_bookings:
        raise ActivityFault(_("这次活动随到随进，不设时段。"))
    if plan.minutes < 1 or plan.gap < 0 or plan.capacity < 1:
        raise ActivityFault(_("时长和家庭数至少为1，间隔不能为负。"))
    if plan.first_at < activity.starts_at or plan.until > activity.ends_at:
        raise ActivityFault(_("时段要在活动开始和结束之间。"), "first_at")


def check_can_add_slots(activity: Activity, moment: datetime) -> None:
    if activity.state_at(moment) not in {"planned", "invited"}:
        raise ActivityFault(_("活动已经开始或结束，不能再加时段。"))


def check_takes_bookings(activity: Activity, moment: datetime, *, last_day: date | None) -> None:
    """`last_day` is today where a family asks; staff (None) may enter until the activity begins."""
    if activity.status != "invited" or not activity.takes_bookings:
        raise ActivityFault(_("这次活动现在不能预约。"))
    late = last_day is not None and activity.book_until < last_day
    if late or activity.ends_at <= moment:
        raise ActivityFault(_("预约的时间已经过了，请打电话给老师。"))


def check_slot_to_come(slot: Slot, moment: datetime) -> None:
    if slot.starts_at <= moment:
        raise ActivityFault(_("这个时间已经开始了，请选别的时间。"), "slot")


def check_can_change_booking(booking: Booking, step: str) -> None:
    if booking.status not in LIVE or leads_to(BOOKING, booking.status, step) is None:
        raise ActivityFault(_("这个预约已经取消或有了变动，请刷新再看。"))
