"""For whom an activity can be: the classes of a school or campus on a day, and their children."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongyu.ground.people.models import Enrolment
from gongyu.ground.places.models import Containment, Place, SchoolClass
from gongyu.ground.places.naming import grade_name
from gongyu.ground.places.queries import ancestor

from ..models import Activity


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of a school on a day with its classes; `key` such as primary:3."""

    key: str
    name: str
    class_ids: tuple[int, ...]


def school_of(organiser_id: int, on: date) -> Place | None:
    """The legal school of a school or campus on the day."""
    return ancestor(organiser_id, Place.Kind.SCHOOL, on)


def organisers_of(school: Place, on: date) -> list[Place]:
    """The school itself, then its campuses of the day."""
    inside = Containment.objects.on(on).filter(ancestor=school, place_kind=Place.Kind.CAMPUS)
    campuses = Place.objects.filter(pk__in=inside.values("place")).order_by("code")
    return [school, *campuses]


def organiser_of(class_place: Place, on: date) -> Place | None:
    """Where a class receives its families: its campus, or its school."""
    campus = ancestor(class_place.pk, Place.Kind.CAMPUS, on)
    return campus or ancestor(class_place.pk, Place.Kind.SCHOOL, on)


def classes_of(organiser_id: int, on: date) -> list[SchoolClass]:
    """The classes that stand in a school or campus on the day, by grade and number."""
    inside = Containment.objects.on(on).filter(ancestor=organiser_id, place_kind=Place.Kind.CLASS)
    rows = SchoolClass.objects.filter(place__in=inside.values("place"))
    return list(rows.select_related("place").order_by("stage", "grade", "number"))


def grades_of(classes: Iterable[SchoolClass]) -> list[Grade]:
    found: dict[tuple[str, int], list[int]] = {}
    for one in classes:
        found.setdefault((one.stage, one.grade), []).append(one.place_id)
    return [
        Grade(f"{stage}:{grade}", grade_name(stage, grade), tuple(ids))
        for (stage, grade), ids in found.items()
    ]


def audience_now(activity: Activity) -> set[int]:
    """The ids of the classes that the activity is for, as they stand on its day: what opened since
    it was planned belongs to the whole school, or to its grade."""
    chosen = set(activity.audience.values_list("class_place", flat=True))
    standing = classes_of(activity.organiser_id, activity.held_on)
    if activity.scope == Activity.Scope.SCHOOL:
        return {one.place_id for one in standing}
    if activity.scope == Activity.Scope.GRADES:
        about = SchoolClass.objects.filter(place__in=chosen).values_list("stage", "grade")
        grades = set(about)
        return {one.place_id for one in standing if (one.stage, one.grade) in grades}
    return chosen


def audience_words(activity: Activity) -> str:
    """For whom, as people say it: 全校, 三年级、四年级, 三年级1班."""
    if activity.scope == Activity.Scope.SCHOOL:
        whole = activity.organiser_id == activity.school_id
        return str(Activity.Scope.SCHOOL.label) if whole else activity.organiser.name
    chosen = SchoolClass.objects.filter(place__in=activity.audience.values("class_place"))
    rows = list(chosen.select_related("place").order_by("stage", "grade", "number"))
    if activity.scope == Activity.Scope.GRADES:
        return "、".join(grade.name for grade in grades_of(rows))
    return "、".join(one.place.name for one in rows)


def children_of(class_ids: Iterable[int], on: date) -> dict[int, int]:
    """{child id: class id} for the children enrolled in these classes on the day."""
    rows = Enrolment.objects.on(on).filter(school_class__in=list(class_ids))
    return dict(rows.order_by("child_id").values_list("child_id", "school_class_id"))
