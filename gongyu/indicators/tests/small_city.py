"""A city small enough to count by hand: two districts, a town and two schools in each, two classes
in each school, with their teachers, children and registers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db.models import Max

from gongyu.ground.ledger.models import Fact
from gongyu.ground.places.models import Containment, Place, School, SchoolClass

from .database import count_on_from_the_last_fact

YEAR = 2025
YEAR_FROM = date(2025, 9, 1)
YEAR_UNTIL = date(2026, 9, 1)
BEGINNING = date(2020, 1, 1)
RECORDED = datetime(2026, 3, 1, 8, tzinfo=UTC)


@dataclass
class SmallCity:
    city: Place
    districts: list[Place] = field(default_factory=list)
    towns: list[Place] = field(default_factory=list)
    schools: list[Place] = field(default_factory=list)
    classes: list[Place] = field(default_factory=list)
    children: dict[int, list[int]] = field(default_factory=dict)  # class id → children

    def teacher(self, of_class: Place) -> int:
        return 10_000 + of_class.pk

    def head(self, school: Place) -> int:
        return 20_000 + school.pk


def make_city(children_in_a_class: int = 6) -> SmallCity:
    """Everybody enrolled and in post since the first day; every school has valid rules; nobody has
    been visited yet."""
    found = SmallCity(place("city", "500000", []))
    for number in range(2):
        district = place("district", f"50010{number}", [found.city])
        town = place("town", f"50010{number}001", [found.city, district])
        found.districts.append(district)
        found.towns.append(town)
        for index in range(2):
            above = [found.city, district, town]
            found.schools.append(_school(found, f"S{number}{index}", above))
    next_child = 1
    for one in found.classes:
        fact("post.held", one, one, YEAR_FROM, actor_id=found.teacher(one), status="class_teacher")
        found.children[one.pk] = list(range(next_child, next_child + children_in_a_class))
        next_child += children_in_a_class
        for child in found.children[one.pk]:
            enrol(child, one)
    return found


def place(kind: str, code: str, above: list[Place], since: date = BEGINNING) -> Place:
    made = Place.objects.create(kind=kind, code=code, name=f"{kind} {code}", from_on=since)
    for ancestor in (*above, made):
        Containment.objects.create(
            place=made,
            place_kind=kind,
            ancestor=ancestor,
            ancestor_kind=ancestor.kind,
            from_on=since,
        )
    return made


def _school(found: SmallCity, code: str, above: list[Place]) -> Place:
    school = place("school", code, above)
    School.objects.create(place=school, kind="primary")
    fact("post.held", school, school, YEAR_FROM, actor_id=found.head(school), status="head")
    fact("register.valid", school, school, YEAR_FROM, detail="visiting_rules")
    for number in (1, 2):
        one = place("class", f"{code}-{number}", [*above, school], date(2025, 7, 1))
        SchoolClass.objects.create(
            place=one, school=school, school_year=YEAR, stage="primary", grade=1, number=number
        )
        found.classes.append(one)
    return school


def fact(kind: str, subject: Place | int, at: Place | None, on: date, **more) -> Fact:
    """One more fact at the end of the ledger; a number is a child."""
    last = Fact.objects.aggregate(last=Max("seq"))["last"] or 0
    of_place = isinstance(subject, Place)
    more.setdefault("place_id", at.pk if at else None)
    made = Fact.objects.create(
        seq=last + 1,
        kind=kind,
        subject_type="place" if of_place else "child",
        subject_id=subject.pk if of_place else subject,
        on_date=on,
        source_model="test",
        source_id=last + 1,
        recorded_at=RECORDED,
        **more,
    )
    count_on_from_the_last_fact()
    return made


def enrol(child: int, at: Place, on: date = YEAR_FROM, **more) -> Fact:
    return fact("enrolment", child, at, on, status=more.pop("status", "promoted"), **more)


def visit(found: SmallCity, child: int, at: Place, on: date, **more) -> Fact:
    """A visit at home by the class teacher, unless said otherwise."""
    said = {"actor_id": found.teacher(at), "status": "class_teacher", "detail": "home", **more}
    return fact("visit.held", child, at, on, **said)
