"""Open days and parents' meetings of the autumn, with their holes: one moved, one full, some none."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.people import actions as people
from gongyu.ground.places.actions import close_place, move_place, open_campus
from gongyu.ground.places.models import Containment, Place
from gongyu.ground.staff.actions import close_post
from gongyu.ground.staff.models import Post, Role
from gongyu.shared_work.activities import actions
from gongyu.shared_work.activities.models import Activity
from gongyu.shared_work.activities.queries.audience import children_of, classes_of
from gongyu.shared_work.activities.shapes import Outcome, Plan, SlotPlan

from .accounts import SCHOOL
from .fill import DemoCity
from .schools import DemoSchool
from .visit_stories import actor_of

CAMPUS_OF = "橘灯中学"
MERGED, TAKES_OVER = "云台小学", "岚峰小学"
NOT_CLOSED, CANCELLED, NONE_YET = "半山小学", "平湖幼儿园", ("渡口小学", "高滩小学")
SAID = (
    "想多看看孩子们午餐的样子。",
    "希望下次放在周末，路远的家长也能来。",
    "课堂很热闹，问能不能也看看体育课。",
    "有爷爷奶奶问：通知能不能再打印大一点。",
    "建议多留点时间和科任老师聊。",
    "",
)


def merge_two_schools(city: DemoCity) -> None:
    """A village school of a hundred children joined its neighbour a few days ago."""
    gone, kept = city.school_called(MERGED), city.school_called(TAKES_OVER)
    day = city.today - timedelta(days=4)
    if day <= city.year_from:
        return
    for old, new in zip(gone.classes, kept.classes, strict=True):
        for seat in city.seats.pop(old.pk, []):
            if seat.enrolment.school_class_id == old.pk and seat.enrolment.until_on is None:
                seat.enrolment = people.move_class(seat.enrolment, new.place, day, by=SYSTEM)
                city.seats[new.pk].append(seat)
    inside = Containment.objects.on(city.today).filter(ancestor=gone.place).values("place")
    for post in Post.objects.filter(place__in=inside, until_on__isnull=True):
        close_post(post, day, by=SYSTEM, why="并校")
    close_place(gone.place, day, by=SYSTEM)


def tell_activities(city: DemoCity, draw: random.Random) -> None:
    """Runs through the same actions as the pages do."""
    _campus(city)
    for number, school in enumerate(city.schools):
        name = school.place.name
        if name.endswith(SCHOOL) or name.endswith(NONE_YET):
            continue
        _one_school(city, school, number, draw)
    _demo_school(city, draw)


def _one_school(city: DemoCity, school: DemoSchool, number: int, draw: random.Random) -> None:
    """Most have held their open day, some have it planned, one has told nobody how it went."""
    name = school.place.name
    weeks = 2 + number % 6
    # The merged school held its own while it stood.
    told = name.endswith((MERGED, NOT_CLOSED, CAMPUS_OF))
    if told or (not name.endswith(CANCELLED) and draw.random() < 0.7):
        held = _plan(city, school, -weeks, "open_day", "秋季校园开放日")
        if held is None:
            return
        if not name.endswith(NOT_CLOSED):
            _close(city, school, held, draw.randrange(20, 160), draw)
    else:
        coming = _plan(city, school, 2 + number % 3, "open_day", "冬季校园开放日")
        if coming is not None and number % 2:
            actions.invite(coming, on=city.today, by=_by(city, school), at=_noon(city.today))
        if coming is not None and name.endswith(CANCELLED):
            _cancel(city, school, coming)
    if draw.random() < 0.6:
        meeting = _plan(city, school, -9 + number % 3, "parents_meeting", "开学家长会")
        if meeting is not None:
            _close(city, school, meeting, draw.randrange(60, 400), draw)


def _demo_school(city: DemoCity, draw: random.Random) -> None:
    """A meeting held; an open day moved because of a storm warning, with a full waiting list."""
    school = city.school_called(SCHOOL)
    meeting = _plan(city, school, -10, "parents_meeting", "开学家长会")
    if meeting is not None:
        _close(city, school, meeting, 612, draw)
    by = _by(city, school)
    day = city.today + timedelta(days=3)
    # In the last days of a school year the classes of the next one do not stand yet.
    year_until = date(city.year + 1, 9, 1)
    if day + timedelta(days=7) >= year_until:
        return
    planned = _activity(
        city, school, day, "open_day", "星桥小学校园开放日", scope="grades", grade=3, slots=True
    )
    noon = _noon(city.today)
    first = planned.starts_at
    two = SlotPlan(first, first + timedelta(minutes=65), 30, 5, 3)
    actions.make_slots(planned, two, by=by, at=noon)
    actions.invite(planned, on=city.today, by=by, at=noon)
    _families_book(city, planned, by)
    later = planned.starts_at + timedelta(days=7)
    actions.move_activity(
        planned, later, reason="当天有暴雨预警，改到下周", on=city.today, by=by, at=noon
    )
    coming = city.today + timedelta(days=20)
    if coming < year_until:
        _activity(city, school, coming, "parents_meeting", "期末家长会")


def _families_book(city: DemoCity, activity: Activity, by: Actor) -> None:
    """Nine families for six places: three wait, in order."""
    slots = list(activity.slots.all())
    rows = activity.audience.order_by("class_place").values_list("class_place", flat=True)
    # Asked of the database: some have moved or left since the seats were given out.
    there = children_of(rows, city.today)
    here = [s for class_id in rows for s in city.seats[class_id] if s.child.pk in there][:40]
    booked: set[int] = set()
    for seat in here:
        if len(booked) == 9:
            return
        if id(seat.family) in booked:
            continue
        slot = slots[len(booked) % len(slots)]
        actions.book_for_family(
            activity, seat.child.pk, slot.pk, on=city.today, by=by, at=_noon(city.today)
        )
        booked.add(id(seat.family))


def _campus(city: DemoCity) -> None:
    """A school of two seats: three of its classes are at the other one, and so is its open day."""
    school = city.school_called(CAMPUS_OF)
    campus = open_campus(
        f"{school.place.code}-2", f"{school.place.name}龙宝校区", school.place.pk,
        city.year_from, by=SYSTEM,
    )  # fmt: skip
    for one in school.classes[:3]:
        move_place(one.place, campus, max(city.year_from, one.place.from_on), by=SYSTEM)


def _plan(city: DemoCity, school: DemoSchool, weeks: int, kind: str, title: str) -> Activity | None:
    """Come any time, so many weeks from today; None where that would be outside the autumn."""
    day = city.today + timedelta(weeks=weeks)
    if day <= city.year_from or day >= date(city.year + 1, 1, 20):
        return None
    day += timedelta(days=5 - day.weekday()) if weeks < 0 and day.weekday() > 4 else timedelta()
    return _activity(city, school, day, kind, title)


def _activity(
    city: DemoCity,
    school: DemoSchool,
    day: date,
    kind: str,
    title: str,
    *,
    scope: str = "school",
    grade: int | None = None,
    slots: bool = False,
) -> Activity:
    organiser = _organiser(city, school, kind, day)
    start = timezone.make_aware(datetime.combine(day, time(9, 0)))
    classes = [c for c in classes_of(organiser.pk, day) if grade is None or c.grade == grade]
    plan = Plan(
        kind=kind,
        organiser_id=organiser.pk,
        title=title,
        where="学校",
        starts_at=start,
        ends_at=start + timedelta(hours=2, minutes=30),
        scope=scope,
        class_ids=tuple(c.place_id for c in classes),
        entry="slots" if slots else "open",
        responsible_id=_leader(city, school).staff_id,
        book_until=day - timedelta(days=1) if slots else None,
    )
    key = f"demo-{school.place.pk}-{kind}-{day.isoformat()}"[:36]
    return actions.plan_activity(plan, key=key, on=city.today, by=_by(city, school))


def _organiser(city: DemoCity, school: DemoSchool, kind: str, day: date) -> Place:
    if kind == "open_day" and school.place.name.endswith(CAMPUS_OF):
        inside = Containment.objects.on(day).filter(ancestor=school.place, place_kind="campus")
        return Place.objects.get(pk__in=inside.values("place"))
    return school.place


def _close(
    city: DemoCity, school: DemoSchool, activity: Activity, families: int, draw: random.Random
) -> None:
    outcome = Outcome(families, draw.choice(["count", "count", "list"]), draw.choice(SAID))
    actions.close_activity(activity, outcome, by=_by(city, school), at=_noon(city.today))


def _cancel(city: DemoCity, school: DemoSchool, activity: Activity) -> None:
    actions.cancel_activity(
        activity, reason="流感高发，暂停集体活动", by=_by(city, school), at=_noon(city.today)
    )


def _leader(city: DemoCity, school: DemoSchool) -> Post:
    return city.staffing.leaders[school.place.pk][Role.MORAL_EDUCATION_HEAD]


def _by(city: DemoCity, school: DemoSchool) -> Actor:
    return actor_of(_leader(city, school))


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12, 0)))
