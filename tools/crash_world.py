"""A small world for the crash trials, of today: one school, six classes, children by a real roster."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from sessions import account_of, session_of

from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import PURPOSE_OF
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.clock import now
from gongyu.ground.calendar.years import school_year_bounds, school_year_of
from gongyu.ground.people.models import Enrolment
from gongyu.ground.people.roster.at_once import Options, import_at_once
from gongyu.ground.people.roster.specimens import id_number, name, phone, xlsx
from gongyu.ground.places import closure
from gongyu.ground.places.actions import NewClass, NewSchool, open_classes, open_schools
from gongyu.ground.places.models import Place, Placement
from gongyu.ground.staff.actions import NewPost, NewStaff, add_staff_many, open_posts
from gongyu.ground.staff.models import Role, Staff

LONG_AGO = date(2015, 9, 1)
CLASSES, CHILDREN = 6, 20
HEADINGS = ("姓名", "性别", "身份证号", "年级", "班级", "母亲姓名", "母亲电话")


@dataclass
class Teacher:
    """A class teacher with a session, the class, and the children in it."""

    staff_id: int
    session: str
    class_id: int
    children: list[int]


@dataclass
class World:
    """Who writes in the trials, and where."""

    today: date
    year_from: date
    school_id: int
    teachers: list[Teacher]
    head_id: int
    head: str
    registrar: str


def build(today: date) -> World:
    """Everything in an empty database, by the actions that a school's people use."""
    year = school_year_of(today)
    first, until = school_year_bounds(year)
    school = _school(today)
    classes = open_classes(
        [NewClass(school.pk, year, "primary", 3, n, first, until) for n in range(1, CLASSES + 1)],
        by=SYSTEM,
    )
    head, registrar, *teachers = _staff(school, [one.place for one in classes], first, until)
    people = [row for n in range(1, CLASSES + 1) for row in pupils(CHILDREN, n, year, seed=n)]
    done = import_at_once(school, xlsx(people, headings=HEADINGS), Options(on=first), by=SYSTEM)
    assert done.done, done.words()
    by_class: dict[int, list[int]] = {}
    for child, where in Enrolment.objects.order_by("pk").values_list("child", "school_class"):
        by_class.setdefault(where, []).append(child)
    return World(
        today,
        first,
        school.pk,
        [
            Teacher(who.pk, _session(who, f"teacher-{where.pk}"), where.pk, by_class[where.pk])
            for who, where in zip(teachers, classes, strict=True)
        ],
        head.pk,
        _session(head, "the-head"),
        _session(registrar, "the-registrar"),
    )


# Which roster (its seed) an ID number was first drawn for: two rosters never bring one child.
_DRAWN_FOR: dict[str, int] = {}


def pupils(count: int, number: int, year: int, *, seed: int, tag: str = "") -> list[list[str]]:
    """Rows of a roster for class `number` of the third grade; names end with the tag."""
    draw = random.Random(seed)
    rows, used = [], set()
    while len(rows) < count:
        sex = draw.choice("MF")
        born_on = date(year - 9, 9, 1) + timedelta(days=draw.randrange(360))
        own = id_number(draw, born_on, sex)
        if own in used or _DRAWN_FOR.setdefault(own, seed) != seed:
            continue
        used.add(own)
        label = "男" if sex == "M" else "女"
        carer = (name(draw), phone(draw))
        rows.append([f"{name(draw)[:2]}{tag}", label, own, "三年级", f"{number}班", *carer])
    return rows


def _school(today: date) -> Place:
    kind = Place.Kind
    city = _place(kind.CITY, "500000", "重庆市")
    district = _place(kind.DISTRICT, "500103", "渝中区", city)
    town = _place(kind.TOWN, "500103001", "七星岗街道", district)
    _place(kind.COMMUNITY, "500103001001", "兴隆街社区", town, urban_kind="居")
    closure.rebuild()
    asked = NewSchool("2150000001", "石板坡小学", "primary", town.pk, LONG_AGO)
    return open_schools([asked], by=SYSTEM)[0].place


def _place(kind: str, code: str, called: str, parent: Place | None = None, **more) -> Place:
    place = Place.objects.create(kind=kind, code=code, name=called, from_on=LONG_AGO, **more)
    if parent is not None:
        Placement.objects.create(place=place, parent=parent, from_on=LONG_AGO)
    return place


def _staff(school: Place, classes: list[Place], first: date, until: date) -> list[Staff]:
    """Head, registrar, and a class teacher for each class, all approved."""
    posts = [(school, Role.HEAD), (school, Role.REGISTRAR)]
    posts += [(place, Role.CLASS_TEACHER) for place in classes]
    draw = random.Random(99)
    staff = add_staff_many([NewStaff(name(draw)) for _post in posts], by=SYSTEM)
    open_posts(
        [
            NewPost(who.pk, place.pk, role, first)
            for who, (place, role) in zip(staff, posts, strict=True)
        ],
        by=SYSTEM,
    )
    head, registrar = staff[:2]
    Approval.objects.bulk_create(
        Approval(
            staff=who,
            place=school,
            purpose=PURPOSE_OF[role],
            # Nobody approves himself.
            approved_by=registrar if who is head else head,
            approved_at=now(),
            from_on=first,
            until_on=until,
        )
        for who, (_place, role) in zip(staff, posts, strict=True)
    )
    return staff


def _session(staff: Staff, username: str) -> str:
    return session_of(account_of(staff, username))
