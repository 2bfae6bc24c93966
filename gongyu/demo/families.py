"""Families from a seed: children in every class, who cares for them, brothers and sisters."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongyu.ground.people.models import Care, Carer, Child, Enrolment, Relation
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.secrets.fields import digest
from gongyu.ground.staff.naming import initials

from .layout import SchoolPlan, age_of
from .names import Names, id_number
from .schools import STARTING_GRADES

SIBLING_SHARE = 0.12
PHONE_PREFIX = "199"
_STREETS = ("梧桐路", "桂花巷", "长坡", "新井湾", "石梯坎", "竹林院子", "堰塘边", "大湾")


@dataclass(slots=True)
class Family:
    """Who lives together: the parents, perhaps a grandparent, up to three children."""

    surname: str
    home: Place
    cares: list[tuple[Carer, str, bool, bool]]  # carer, relation, guardian, daily carer
    ages: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Seat:
    """One child in one class, not yet stored."""

    child: Child
    family: Family
    enrolment: Enrolment


class Families:
    """Draws families and children; keeps what must be stored in lists, in order."""

    def __init__(self, draw: random.Random, year_from: date):
        self._draw, self._names, self._year_from = draw, Names(draw), year_from
        self._open: dict[str, list[Family]] = defaultdict(list)
        self.carers: list[Carer] = []
        self.seats: list[Seat] = []
        self.cares: list[Care] = []
        self._phone = self._children = 0

    def fill_class(
        self, plan: SchoolPlan, school_class: SchoolClass, homes: list[Place], size: int
    ) -> list[Seat]:
        """Children for one class; about one in eight is a brother or sister of a child before."""
        seats = [self._seat(plan, school_class, homes) for _ in range(size)]
        self.seats += seats
        return seats

    def _seat(self, plan: SchoolPlan, school_class: SchoolClass, homes: list[Place]) -> Seat:
        age = age_of(school_class.grade)
        family = self._family(plan.district, age, homes)
        family.ages.append(age)
        sex = self._draw.choice("MF")
        born = date(self._year_from.year - age, 9, 1) - timedelta(days=self._draw.randrange(1, 365))
        self._children += 1
        number = id_number(self._children, f"{born:%Y%m%d}", sex)
        name = self._names.person(sex, family.surname)
        child = Child(
            name=name, initials=initials(name), sex=sex, born_on=born,
            id_kind="居民身份证", id_number=number, id_digest=digest("child.id", number),
            home=family.home,
            address=f"{self._draw.choice(_STREETS)}{self._draw.randrange(1, 180)}号",
        )  # fmt: skip
        enrolment = Enrolment(
            child=child, school_id=school_class.school_id, school_class_id=school_class.pk,
            from_on=school_class.place.from_on, how_in=_how_in(school_class.grade),
            boarding=self._draw.random() < plan.boarding,
        )  # fmt: skip
        for position, (carer, relation, guardian, daily) in enumerate(family.cares, start=1):
            self.cares.append(
                Care(child=child, carer=carer, relation=relation, is_guardian=guardian,
                     is_daily_carer=daily, position=position, from_on=born)
            )  # fmt: skip
        return Seat(child, family, enrolment)

    def _family(self, district: str, age: int, homes: list[Place]) -> Family:
        waiting = self._open[district]
        if waiting and self._draw.random() < SIBLING_SHARE:
            place = self._draw.randrange(len(waiting))
            family = waiting[place]
            if len(family.ages) < 3 and all(abs(age - other) >= 2 for other in family.ages):
                return family
        family = self._new_family(homes)
        waiting.append(family)
        if len(waiting) > 400:
            waiting.pop(0)
        return family

    def _new_family(self, homes: list[Place]) -> Family:
        draw = self._draw
        surname, home = self._names.surname(), draw.choice(homes)
        rural = home.urban_kind == "村"
        with_grandparent = draw.random() < (0.5 if rural else 0.22)
        apart = draw.random() < 0.08
        cares = []
        if not apart or draw.random() < 0.4:
            father = self._carer("M", surname)
            cares.append((father, Relation.FATHER, True, not with_grandparent))
        if not cares or not apart:
            mother = self._carer("F")
            cares.append((mother, Relation.MOTHER, True, not with_grandparent))
        if with_grandparent:
            woman = draw.random() < 0.7
            old = self._carer("F") if woman else self._carer("M", surname)
            relation = Relation.GRANDMOTHER if woman else Relation.GRANDFATHER
            cares.append((old, relation, False, True))
        return Family(surname, home, cares)

    def _carer(self, sex: str, surname: str | None = None) -> Carer:
        name = self._names.person(sex, surname)
        self._phone += 1
        phone = f"{PHONE_PREFIX}{self._phone:08d}"
        carer = Carer(
            name=name, initials=initials(name), phone=phone,
            phone_digest=digest("carer.phone", phone),
        )  # fmt: skip
        self.carers.append(carer)
        return carer


def _how_in(grade: int) -> str:
    starts = grade in STARTING_GRADES
    return Enrolment.HowIn.ADMITTED if starts else Enrolment.HowIn.PROMOTED
