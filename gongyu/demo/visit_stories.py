"""The visits that need telling one by one: declines, proposals, wishes, a correction, siblings."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import SchoolClass
from gongyu.ground.staff.models import Post, Role
from gongyu.records.m01_home_school_contact import actions as visits
from gongyu.records.m01_home_school_contact.models import Decline, Visit
from gongyu.records.m01_home_school_contact.shapes import Answer, ProposalEntry, VisitEntry

from .accounts import SCHOOL, choose_accounts
from .families import Seat
from .fill import DemoCity

DECLINES, ACKNOWLEDGED = 14, 10
MESSAGE = "家长您好，想到家里坐一坐，聊聊孩子这学期的情况。不用准备什么，您看哪个时间方便？"


def tell_visits(city: DemoCity, draw: random.Random) -> None:
    """Runs through the same actions as the pages do."""
    _declines(city, draw)
    post = next(a.post for a in choose_accounts(city) if a.role == Role.CLASS_TEACHER)
    seats = _unvisited(city, post.place_id)
    by = actor_of(post)
    _proposals(city, seats[:6], post, by)
    _wishes(seats[6:10], by, city.today)
    _correction(city, post, by, draw)
    _siblings(city, draw)


def actor_of(post: Post) -> Actor:
    """The holder of a post, as one who acts."""
    return Actor(user_id=None, name=post.staff.name, staff_id=post.staff_id)


def _unvisited(city: DemoCity, class_id: int) -> list[Seat]:
    done = set(Visit.objects.filter(outcome="held").values_list("children__child", flat=True))
    return [
        seat
        for seat in city.seats[class_id]
        if seat.child.pk not in done and _is_here(seat, class_id)
    ]


def _is_here(seat: Seat, class_id: int) -> bool:
    return seat.enrolment.school_class_id == class_id and seat.enrolment.until_on is None


def _key(draw: random.Random) -> str:
    return str(uuid.UUID(int=draw.getrandbits(128)))


def _weeks_back(city: DemoCity, weeks: int) -> date:
    return max(city.year_from + timedelta(days=1), city.today - timedelta(weeks=weeks))


def _declines(city: DemoCity, draw: random.Random) -> None:
    """Two attempts on two days; for most the head has said yes, a few wait on the head's page."""
    first, second = _weeks_back(city, 4), _weeks_back(city, 2)
    if first >= second:
        return
    classes = [c for school in city.schools for c in school.classes]
    chosen: list[SchoolClass] = [
        *city.school_called(SCHOOL).classes[8:10],
        *draw.sample(classes, 40),
    ]
    told = 0
    for school_class in chosen:
        post = city.staffing.class_teacher[school_class.pk][-1]
        seats = _unvisited(city, school_class.pk)
        if told == DECLINES or not seats or not (post.holds_on(first) and post.holds_on(second)):
            continue
        for day in (first, second):
            entry = VisitEntry(visited_on=day, notes={seats[-1].child.pk: ""}, outcome="refused")
            visits.record_visit(entry, on=day, key=_key(draw), by=actor_of(post))
        told += 1
    # The demo school's own wait, so that its head finds something to decide.
    waiting = Decline.objects.filter(status="waiting").order_by("pk")
    for decline in waiting[DECLINES - ACKNOWLEDGED :]:
        head = city.staffing.leaders[decline.school_id][Role.HEAD]
        visits.acknowledge_decline(decline, on=city.today, by=actor_of(head))


def _proposals(city: DemoCity, seats: list[Seat], post: Post, by: Actor) -> None:
    """Times went out to six families; one has chosen, one asked for another time."""
    # Late in the year, or in a small class, every family may have been visited.
    if not seats:
        return
    evenings = [
        timezone.make_aware(datetime.combine(city.today + timedelta(days=n), time(18, 30)))
        for n in (2, 3, 5)
    ]
    made = visits.propose_times(
        ProposalEntry(
            families=tuple((seat.child.pk,) for seat in seats),
            times=tuple(evenings),
            answer_by=city.today + timedelta(days=1),
            message=MESSAGE,
            elsewhere="学校家长接待室",
        ),
        post.place,
        on=city.today,
        by=by,
    )
    if len(made) < 2:
        return
    chosen = made[0].times.first()
    yes = Answer(step="choose", time_id=chosen.pk, setting="home", words="外婆在家，欢迎老师。")
    visits.answer_for_family(made[0], yes, on=city.today, by=by)
    other = Answer(step="ask_other", words="这周都要上夜班，周六上午可以吗？")
    visits.answer_for_family(made[1], other, on=city.today, by=by)


def _wishes(seats: list[Seat], by: Actor, today: date) -> None:
    wishes = [
        {"prefers": "home", "times": "周末白天"},
        {"prefers": "elsewhere", "times": "放学后", "note": "希望在学校见面。"},
        {"prefers": "home", "times": "晚上七点后", "language": "四川话"},
        {"asked_on": today - timedelta(days=3), "times": "周日"},
    ]
    for seat, wish in zip(seats, wishes, strict=False):
        visits.set_preference(seat.child, by=by, **wish)


def _correction(city: DemoCity, post: Post, by: Actor, draw: random.Random) -> None:
    """The demo teacher put a visit on the wrong day and said so."""
    wrong = Visit.objects.filter(post=post, outcome="held", visited_on__gt=city.year_from).first()
    if wrong is None or wrong.visited_on - timedelta(days=1) < city.year_from:
        return
    notes = {row.child_id: row.note for row in wrong.children.all()}
    right = VisitEntry(
        visited_on=wrong.visited_on - timedelta(days=1), notes=notes, setting=wrong.setting,
        met=tuple(wrong.met.values_list("pk", flat=True)), asked=wrong.asked, follows=wrong.follows,
    )  # fmt: skip
    visits.correct_visit(
        wrong, right, reason="日期写错了一天。", on=city.today, key=_key(draw), by=by
    )


def _siblings(city: DemoCity, draw: random.Random) -> None:
    """One visit for brother and sister of the same school."""
    school = city.school_called(SCHOOL)
    by_family: dict[int, list[Seat]] = {}
    for school_class in school.classes:
        for seat in _unvisited(city, school_class.pk):
            by_family.setdefault(id(seat.family), []).append(seat)
    for seats in [s for s in by_family.values() if len(s) > 1][:3]:
        posts = [city.staffing.class_teacher[s.enrolment.school_class_id][-1] for s in seats]
        post, drawn = posts[0], city.today - timedelta(days=draw.randrange(1, 6))
        # In a year's first days the drawn day may lie before its classes and their teachers.
        day = max(drawn, *(p.from_on for p in posts), *(s.enrolment.from_on for s in seats))
        if not all(p.holds_on(day) for p in posts) or day > city.today:
            continue
        met = tuple(carer.pk for carer, _, _, daily in seats[0].family.cares if daily)[:1]
        entry = VisitEntry(
            visited_on=day, notes={seat.child.pk: "和家人一起聊了很久。" for seat in seats},
            setting="home", met=met, asked="希望两个孩子放学能一起走。",
        )  # fmt: skip
        visits.record_visit(entry, on=day, key=_key(draw), by=actor_of(post))
