"""The demo city as a story: everything filled, then what happens in a real autumn."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.people import actions as people
from gongyu.ground.people.models import Enrolment, Leave
from gongyu.ground.places.actions import close_place, open_class
from gongyu.ground.places.models import SchoolClass
from gongyu.ground.staff.actions import close_post, open_post
from gongyu.ground.staff.models import Post, Role

from .accounts import open_accounts
from .activity_stories import MERGED, merge_two_schools, tell_activities
from .committee_stories import tell_committees
from .complaint_stories import tell_complaints
from .concern_stories import tell_concerns
from .families import Seat
from .family_stories import appoint_director, tell_families
from .fill import DemoCity, fill
from .notice_stories import tell_notices
from .papers import approve_staff, enter_registers
from .visit_stories import tell_visits

TRANSFERS, LEAVES, BARS = 40, 24, 6


def make_city(seed: int, today: date, say: Callable[[str], None], share: float = 1.0) -> DemoCity:
    """Everything in one transaction, all or nothing; the same seed and day make the same city."""
    draw = random.Random(seed + 1)  # noqa: S311
    with transaction.atomic():
        city = fill(seed, today, say, share)
        say("登记与授权")
        enter_registers(city, draw)
        approve_staff(city)
        say("转学、休学、并班与家庭变化")
        _transfers(city, draw)
        _leaves(city, draw)
        _merge_two_classes(city)
        _open_a_class(city)
        _bars(city, draw)
        merge_two_schools(city)
        say("预约、谢绝与更正")
        tell_visits(city, draw)
        say("开放日和家长会")
        tell_activities(city, draw)
        say("家长委员会")
        # Numbers of their own, so that everything told before stays as it was.
        tell_committees(city, random.Random(seed + 2))  # noqa: S311
        say("账号")
        appoint_director(city)
        open_accounts(city)
        say("联系与学生异常")
        tell_concerns(city)
        say("通知")
        tell_notices(city, draw)
        say("家长")
        tell_families(city)
        say("投诉举报")
        tell_complaints(city)
    return city


def everyone(city: DemoCity) -> list[Seat]:
    return [seat for seats in city.seats.values() for seat in seats]


def _some_day(city: DemoCity, draw: random.Random, share: float = 1.0) -> date:
    """A day of the school year so far; `share` of the way at the latest."""
    days = max(2, round((city.today - city.year_from).days * share))
    return city.year_from + timedelta(days=draw.randrange(1, days))


def _transfers(city: DemoCity, draw: random.Random) -> None:
    """Children move to another school of the same grade; a few arrived only days ago."""
    by_grade: dict[int, list[SchoolClass]] = {}
    for school in city.schools:
        # Nobody moves to a school that is about to close.
        for school_class in [] if school.place.name.endswith(MERGED) else school.classes:
            by_grade.setdefault(school_class.grade, []).append(school_class)
    for seat in draw.sample(everyone(city), TRANSFERS):
        grade = SchoolClass.objects.get(pk=seat.enrolment.school_class_id).grade
        others = [c for c in by_grade[grade] if c.school_id != seat.enrolment.school_id]
        if others:
            target = draw.choice(others)
            day = _some_day(city, draw)
            seat.enrolment = people.move_class(seat.enrolment, target.place, day, by=SYSTEM)


def _leaves(city: DemoCity, draw: random.Random) -> None:
    for seat in draw.sample(everyone(city), LEAVES):
        first = _some_day(city, draw)
        if seat.enrolment.from_on > first:
            continue
        kind = draw.choice(Leave.Kind.values)
        until = first + timedelta(days=30) if kind == Leave.Kind.LONG_ILLNESS else None
        people.start_leave(seat.child, kind, first, until_on=until, basis="演示材料", by=SYSTEM)


def _merge_two_classes(city: DemoCity) -> None:
    """A small school puts two classes of one grade together after the autumn holiday."""
    school = city.school_called("松岩小学")
    kept, closed = school.classes[2], school.classes[3]
    day = city.year_from + timedelta(days=40)
    if day >= city.today:
        return
    for seat in city.seats.pop(closed.pk):
        if seat.enrolment.school_class_id == closed.pk:
            seat.enrolment = people.move_class(seat.enrolment, kept.place, day, by=SYSTEM)
            city.seats[kept.pk].append(seat)
    for post in Post.objects.filter(place=closed.place, until_on__isnull=True):
        close_post(post, day, by=SYSTEM, why="并班")
    close_place(closed.place, day, by=SYSTEM)


def _open_a_class(city: DemoCity) -> None:
    """A full grade gets a fifth class in October; a third of its neighbours' children move over."""
    school = city.school_called("云梯小学")
    day = city.year_from + timedelta(days=42)
    if day >= city.today:
        return
    neighbour = school.classes[0]
    fresh = open_class(
        school.place.pk, city.year, neighbour.stage, neighbour.grade, school.plan.classes + 1,
        day, city.year_until, by=SYSTEM,
    )  # fmt: skip
    head = city.staffing.leaders[school.place.pk][Role.SCHOOL_LEADER]
    open_post(head.staff_id, fresh.pk, Role.CLASS_TEACHER, day, acting=True, by=SYSTEM)
    for own in school.classes[: school.plan.classes]:
        for seat in city.seats[own.pk][:7]:
            if seat.enrolment.school_class_id == own.pk and seat.enrolment.until_on is None:
                seat.enrolment = people.move_class(seat.enrolment, fresh.place, day, by=SYSTEM)


def _bars(city: DemoCity, draw: random.Random) -> None:
    """A few fathers may not come near their children; one of them in the demo teacher's class."""
    with_father = [
        seat
        for school_class in city.school_called("星桥小学").classes[8:12]
        for seat in city.seats[school_class.pk]
        if any(relation == "father" for _, relation, _, _ in seat.family.cares)
        and len(seat.family.cares) > 1
    ]
    registrar = city.staffing.leaders[city.school_called("星桥小学").place.pk][Role.REGISTRAR]
    by = Actor(user_id=None, name=registrar.staff.name, staff_id=registrar.staff_id)
    for seat in [with_father[0], *draw.sample(with_father[1:], BARS - 1)]:
        father = next(c for c, relation, _, _ in seat.family.cares if relation == "father")
        people.bar_carer(seat.child, father, city.year_from, "人身安全保护令（演示）", by=by)


def still_in_class(seat: Seat, class_id: int) -> bool:
    """Is the child in this class now, after all the moves?"""
    enrolment: Enrolment = seat.enrolment
    return enrolment.school_class_id == class_id and enrolment.until_on is None
