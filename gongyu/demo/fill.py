"""Stores the demo city in one transaction: records, facts and audit rows, all in bulk."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection, models, transaction

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.years import school_year_of
from gongyu.ground.ledger.actions import append_many
from gongyu.ground.people.facts import facts_of_enrolment
from gongyu.ground.people.models import Care, Carer, Child, Enrolment
from gongyu.ground.places import queries as places
from gongyu.ground.places.actions import load_departments, load_units
from gongyu.ground.places.models import Place
from gongyu.ground.staff.facts import facts_of_post
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.records.m01_home_school_contact.models import FollowUp, Visit, VisitChild

from .families import Families, Seat
from .layout import SCHOOLS
from .schools import DemoSchool, open_demo_schools
from .staffing import Employer, Staffing
from .visiting import Visiting, Visitor, visit_facts

CHUNK = 400
EDUCATION = "edu"


@dataclass(slots=True)
class DemoCity:
    """What the stories and the accounts need to find again."""

    today: date
    year: int
    schools: list[DemoSchool]
    seats: dict[int, list[Seat]] = field(default_factory=lambda: defaultdict(list))
    staffing: Staffing = field(default_factory=Staffing)
    # The district or city that each education department serves, by the department's id.
    scopes: dict[int, int] = field(default_factory=dict)

    @property
    def year_from(self) -> date:
        return date(self.year, 9, 1)

    @property
    def year_until(self) -> date:
        return date(self.year + 1, 9, 1)

    def school_called(self, ending: str) -> DemoSchool:
        return next(s for s in self.schools if s.place.name.endswith(ending))


@transaction.atomic
def fill(seed: int, today: date, say: Callable[[str], None], share: float) -> DemoCity:
    """Makes the demo city in an empty database; `say` is told each step; `share` (0–1] of the
    children that the layout plans for each class."""
    draw = random.Random(seed)  # noqa: S311
    year = school_year_of(today)
    say("行政区划与部门")
    load_units(by=SYSTEM)
    load_departments(by=SYSTEM)
    say(f"{len(SCHOOLS)} 所学校与班级")
    city = DemoCity(today, year, open_demo_schools(year, today))
    say("教职工与任职")
    city.staffing = _staff(city, draw)
    say("儿童、家庭与学籍")
    _people(city, draw, share)
    say("家访")
    _visits(city, draw)
    return city


def _staff(city: DemoCity, draw: random.Random) -> Staffing:
    employer = Employer(draw, city.year_from, city.today)
    for school in city.schools:
        employer.employ_school(school)
    for district in sorted({s.district.pk for s in city.schools}):
        department = education_department(district, city.today)
        city.scopes[department.pk] = district
        employer.employ_officer(Role.DISTRICT_OFFICER, department)
    whole_city = places.city().pk
    at_the_city = education_department(whole_city, city.today)
    city.scopes[at_the_city.pk] = whole_city
    for role in (Role.CITY_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        employer.employ_officer(role, at_the_city)
    for department in city.scopes:
        desk = Place.objects.get(pk=department)
        employer.employ_officer(Role.COMPLAINT_HANDLER, desk)
    _leave_gaps(employer, city)
    made = employer.made
    _store(Staff, made.staff)
    _store(Post, made.posts)
    _prove(
        [fact for post in made.posts for fact in facts_of_post(post)],
        [
            audit.Deed("post.open", ("post", post.pk), post.place_id, "演示任命")
            for post in made.posts
        ],
    )
    return made


def _leave_gaps(employer: Employer, city: DemoCity) -> None:
    """A class was three weeks without a class teacher; another one is today."""
    gone = city.school_called("半山小学").classes[7].pk
    first = city.year_from + timedelta(days=20)
    if first + timedelta(days=21) <= city.today:
        employer.leave_a_gap(gone, first, first + timedelta(days=21))
    now_without = city.school_called("柳坪小学").classes[3].pk
    last_week = city.today - timedelta(days=5)
    if last_week > city.year_from:
        employer.leave_a_gap(now_without, last_week, None)


def education_department(above_id: int, on: date) -> Place:
    """The education department that stands directly under the city or a district."""
    return next(
        place
        for place in places.children(above_id, on)
        if place.kind == Place.Kind.DEPARTMENT and place.code.endswith(EDUCATION)
    )


def _people(city: DemoCity, draw: random.Random, share: float) -> None:
    families = Families(draw, city.year_from)
    for school in city.schools:
        for school_class in school.classes:
            size = max(6, round((draw.gauss(school.plan.size, 2) - 3) * share))
            city.seats[school_class.pk] = families.fill_class(
                school.plan, school_class, school.homes, size
            )
    _store(Carer, families.carers)
    _store(Child, [seat.child for seat in families.seats])
    _store(Care, families.cares)
    enrolments = [seat.enrolment for seat in families.seats]
    _store(Enrolment, enrolments)
    _prove(
        [fact for row in enrolments for fact in facts_of_enrolment(row)],
        [
            audit.Deed("child.add", ("child", row.child_id), row.school_class_id)
            for row in enrolments
        ],
    )


def _visits(city: DemoCity, draw: random.Random) -> Visiting:
    visitor = Visitor(draw, city.year_from, city.today)
    for school in city.schools:
        visitor.visit_school(school, city.seats, city.staffing)
    made = visitor.made
    made.visits.sort(key=lambda visit: visit.visited_on)
    made.children.sort(key=lambda row: row.visit.visited_on)
    _store(Visit, made.visits)
    _store(VisitChild, made.children)
    _store(
        Visit.met.through,
        [Visit.met.through(visit=visit, carer=carer) for visit, carer in made.met],
    )
    _store(FollowUp, made.follow_ups)
    _prove(
        visit_facts(made),
        [
            audit.Deed(
                "visit.record", ("visit", row.visit_id), row.class_place_id, post_id=row.post_id
            )
            for row in made.children
        ],
    )
    return made


def _store(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    # A row was made before what it points to had an id; now it has one.
    keys = [f for f in model._meta.concrete_fields if f.is_relation]
    for row in rows:
        for key in keys:
            if key.is_cached(row) and (target := getattr(row, key.name)) is not None:
                setattr(row, key.attname, target.pk)
    model._default_manager.bulk_create(rows, batch_size=CHUNK)
    # PostgreSQL's planner must know of rows that came in by the thousand in this transaction.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _prove(facts: list, deeds: list[audit.Deed]) -> None:
    append_many(facts, by=SYSTEM)
    audit.record_many(deeds, by=SYSTEM)
