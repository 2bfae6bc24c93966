"""A school with families, made in bulk: for simulated years and random schedules."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from gongyu.ground.notices.shapes import NewNotice
from gongyu.ground.people.models import Care, Carer, Child, Enrolment
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.staff.models import Post, Role, Staff

YEAR = date(2026, 9, 1)
UNTIL = date(2027, 9, 1)


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, minute))


@dataclass
class Town:
    """`families` are the children of each family; `no_phone` the carers without any telephone."""

    school: Place
    department: Place
    classes: list[Place]
    children: list[Child] = field(default_factory=list)
    carers: list[Carer] = field(default_factory=list)
    families: list[list[int]] = field(default_factory=list)
    teacher: Staff | None = None

    def notice(self, kind: str, on: date, days: int, *, classes=None, **told) -> NewNotice:
        said = {
            "kind": kind,
            "title": "放假安排",
            "words": "周五下午三点放学。路上小心。",
            "place_id": self.school.pk,
            "department_id": self.school.pk,
            "until_on": on + timedelta(days=days),
            "class_ids": tuple(c.pk for c in (classes or self.classes)),
        }
        if kind == "safety":
            said["basis"] = "danger"
        if told.get("child_ids"):
            said["class_ids"] = ()
        return NewNotice(**{**said, **told})


def build_town(families: int, draw: random.Random, class_size: int = 40) -> Town:
    """Families of one to three children; a fifth are led by a grandmother, one in fifty has no
    telephone; every class has its teacher."""
    place = Place.objects.create
    school = place(kind="school", code="S1", name="石板坡小学", from_on=YEAR)
    department = place(kind="department", code="D1", name="渝中区教育委员会", from_on=YEAR)
    sizes = [draw.choice([1, 1, 1, 2, 2, 3]) for _ in range(families)]
    count = max(1, -(-sum(sizes) // class_size))
    classes = Place.objects.bulk_create(
        Place(kind="class", code=f"C{n}", name=f"{n}班", from_on=YEAR, until_on=UNTIL)
        for n in range(count)
    )
    SchoolClass.objects.bulk_create(
        SchoolClass(place=c, school=school, school_year=2026, stage="primary", grade=1, number=n)
        for n, c in enumerate(classes)
    )
    town = Town(school, department, classes)
    town.teacher = Staff.objects.create(name="陈老师")
    Post.objects.bulk_create(
        Post(staff=town.teacher, place=c, role=Role.CLASS_TEACHER, from_on=YEAR) for c in classes
    )
    town.children = Child.objects.bulk_create(Child(name=f"孩{n}") for n in range(sum(sizes)))
    plan, number = [], 0
    for family, size in enumerate(sizes):
        members = town.children[number : number + size]
        number += size
        town.families.append([child.pk for child in members])
        for position in range(draw.choice([1, 1, 2, 2, 3])):
            silent = draw.random() < 0.02
            phone = "" if silent else f"139{family:06d}{position:02d}"
            plan.append((Carer(name=f"家长{family}-{position}", phone=phone), members, position))
    town.carers = Carer.objects.bulk_create(row[0] for row in plan)
    Care.objects.bulk_create(
        Care(
            child=child, carer=carer, relation="mother" if position else "grandmother",
            is_guardian=position > 0, is_daily_carer=position == 0, position=position + 1,
            from_on=YEAR - timedelta(days=2000),
        )
        for carer, members, position in plan
        for child in members
    )  # fmt: skip
    order = draw.sample(range(len(town.children)), len(town.children))
    Enrolment.objects.bulk_create(
        Enrolment(
            child=town.children[index], school=school, school_class=classes[n % count],
            from_on=YEAR, until_on=UNTIL, how_in="admitted",
        )
        for n, index in enumerate(order)
    )  # fmt: skip
    return town
