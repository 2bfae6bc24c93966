"""Register entries of the schools, and the standing approvals of the staff."""

from __future__ import annotations

import random
from datetime import date, timedelta

from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import PURPOSE_OF
from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.shared_work.registers import actions as registers

from .fill import DemoCity

TITLES = {
    "visiting_rules": "家访工作制度",
    "all_staff_system": "全员协同育人制度",
    "contact_mechanism": "家校沟通联系制度",
    "visit_plan": "学年家访工作计划",
}


def enter_registers(city: DemoCity, draw: random.Random) -> None:
    """Most schools have their rules and review them; some do not, and some forgot the review."""
    for number, school in enumerate(city.schools, start=1):
        responsible = city.staffing.leaders[school.place.pk][Role.MORAL_EDUCATION_HEAD].staff
        by = Actor(user_id=None, name=responsible.name, staff_id=responsible.pk)
        for kind, title in TITLES.items():
            if draw.random() < (0.08 if kind == "visiting_rules" else 0.2):
                continue
            yearly = kind == "visit_plan"
            start = city.year_from if yearly else city.year_from - timedelta(days=400 + number)
            channels = _channels(city, school, draw) if kind == "contact_mechanism" else None
            entry = registers.enter(
                school.place, kind, channels=channels, title=f"{school.place.name}{title}", from_on=start,
                until_on=city.year_until if yearly else None, responsible=responsible, by=by,
                document_number=f"校发〔{start.year}〕{number}号",
            )  # fmt: skip
            reviewed_on = city.year_from + timedelta(days=draw.randrange(3, 40))
            if not yearly and draw.random() < 0.85 and reviewed_on <= city.today:
                registers.review(
                    entry, reviewed_on=reviewed_on, outcome="kept", on=city.today, by=by
                )


def _channels(city: DemoCity, school, draw: random.Random) -> dict[str, tuple[int, str]]:
    """Whom families ask for what; small schools offer fewer ways."""
    leaders = city.staffing.leaders[school.place.pk]
    moral, head = leaders[Role.MORAL_EDUCATION_HEAD].staff_id, leaders[Role.HEAD].staff_id
    offered = {
        "home_visit": (moral, "由班主任约时间"),
        "parents_meeting": (moral, "每学期至少一次，见邀请单"),
        "open_day": (head, "每学期一次，见邀请单"),
        "telephone": (moral, "工作日 8:00–17:30，校门口公示号码"),
        "message": (moral, "班主任手机短信"),
        "online": (moral, "有困难的家庭可以约线上见面"),
    }
    kept = list(offered)[: draw.randrange(4, len(offered) + 1)]
    return {code: offered[code] for code in kept}


def approve_staff(city: DemoCity) -> None:
    """Heads approve their school, district officers the heads, city officers the districts; a few
    approvals run out soon, one ran out yesterday."""
    rows: list[Approval] = []
    for school in city.schools:
        leaders = city.staffing.leaders[school.place.pk]
        head = leaders[Role.HEAD]
        officer = _officer_of(city, school.district.pk)
        rows.append(_approval(head, school.place.pk, officer.staff, city.year_until))
        posts = [post for role, post in leaders.items() if role != Role.HEAD]
        for school_class in school.classes:
            posts += city.staffing.class_teacher[school_class.pk]
            posts += city.staffing.subject_teacher.get(school_class.pk, [])
        rows += [
            _approval(post, school.place.pk, head.staff, _end(number, city.today, city.year_until))
            for number, post in enumerate(posts)
        ]
    at_the_city = next(p for (r, _), p in city.staffing.officers.items() if r == Role.CITY_OFFICER)
    for (role, _department), post in city.staffing.officers.items():
        if role in PURPOSE_OF:
            scope = _scope_of(city, post)
            rows.append(_approval(post, scope, at_the_city.staff, city.year_until))
    Approval.objects.bulk_create(rows, batch_size=400)
    audit.record_many(
        [audit.Deed("approval.give", ("approval", row.pk), row.place_id) for row in rows], by=SYSTEM
    )


def _end(number: int, today: date, year_until: date) -> date:
    if number % 40 == 39:
        return today + timedelta(days=12)
    return year_until


def _approval(post: Post, place_id: int, by: Staff, until: date) -> Approval:
    return Approval(
        staff=post.staff, place_id=place_id, purpose=PURPOSE_OF[post.role], approved_by=by,
        approved_at=now(), from_on=post.from_on, until_on=until,
    )  # fmt: skip


def _officer_of(city: DemoCity, district_id: int) -> Post:
    return next(
        post
        for (role, _), post in city.staffing.officers.items()
        if role == Role.DISTRICT_OFFICER and _scope_of(city, post) == district_id
    )


def _scope_of(city: DemoCity, post: Post) -> int:
    return city.scopes[post.place_id]
