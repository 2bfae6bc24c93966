"""Opens the demo's schools and classes under the real towns of their districts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.places import queries as places
from gongyu.ground.places.actions import NewClass, NewSchool, open_classes, open_schools
from gongyu.ground.places.models import Place, SchoolClass

from .layout import GRADES_OF, SCHOOLS, SchoolPlan

OPENED_ON = date(2016, 9, 1)
STARTING_GRADES = {-2, 1, 7, 10}


@dataclass(slots=True)
class DemoSchool:
    """One school of the demo with its classes of the running year."""

    plan: SchoolPlan
    place: Place
    district: Place
    homes: list[Place]
    classes: list[SchoolClass] = field(default_factory=list)


def open_demo_schools(year: int, today: date) -> list[DemoSchool]:
    """All schools of the layout, each with every class of the school year that starts in `year`."""
    seats = [_seat(plan, today) for plan in SCHOOLS]
    opened = open_schools(
        [
            NewSchool(
                code=f"9{plan.district}{number:03d}",
                name=f"{district.name}{plan.name}",
                kind=plan.kind,
                town_id=town.pk,
                from_on=OPENED_ON,
                is_private=plan.kind == "kindergarten" and number % 4 == 0,
            )
            for number, (plan, district, town, _) in enumerate(seats, start=1)
        ],
        by=SYSTEM,
    )
    schools = [
        DemoSchool(plan, school.place, district, homes)
        for school, (plan, district, _, homes) in zip(opened, seats, strict=True)
    ]
    _open_classes(schools, year)
    return schools


def first_day(year: int, grade: int) -> date:
    """New pupils are admitted, and their class teacher named, in July; the others start in September."""
    return date(year, 7, 10) if grade in STARTING_GRADES else date(year, 9, 1)


def _seat(plan: SchoolPlan, today: date) -> tuple[SchoolPlan, Place, Place, list[Place]]:
    district = places.place_on(Place.Kind.DISTRICT, plan.district, today)
    towns = list(places.below(district.pk, Place.Kind.TOWN, today))
    town = towns[plan.town % len(towns)]
    # Children come from the school's town and from the next one along the road.
    near = [town, towns[(plan.town + 1) % len(towns)]]
    homes = [c for t in near for c in places.below(t.pk, Place.Kind.COMMUNITY, today)]
    return plan, district, town, homes


def _open_classes(schools: list[DemoSchool], year: int) -> None:
    until = date(year + 1, 9, 1)
    rows, owners = [], []
    for school in schools:
        for stage, grade in GRADES_OF[school.plan.kind]:
            for number in range(1, school.plan.classes + 1):
                rows.append(
                    NewClass(
                        school.place.pk, year, stage, grade, number, first_day(year, grade), until
                    )
                )
                owners.append(school)
    for school, opened in zip(owners, open_classes(rows, by=SYSTEM), strict=True):
        school.classes.append(opened)
