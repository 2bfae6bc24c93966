"""The classes and campuses of a school, as those who keep them see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_of
from gongyu.ground.places.models import Place, Placement, School, SchoolClass
from gongyu.ground.places.queries import children
from gongyu.ground.staff.models import Post
from gongyu.ground.staff.queries import class_teachers_of

from .models import Enrolment
from .rules_classes import may_keep_classes

Kind = Place.Kind


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class of the school. `state` is now, later or past; a past one only stands to be read."""

    school_class: SchoolClass
    place: Place
    campus: str
    class_teacher: str
    children: int
    state: str


@dataclass(frozen=True, slots=True)
class ClassesPage:
    """The classes of a school year and the school's campuses."""

    school_year: int
    classes: tuple[ClassRow, ...]
    campuses: tuple[Place, ...]

    @property
    def running(self) -> int:
        return sum(row.state == "now" for row in self.classes)

    @property
    def school_year_words(self) -> str:
        return f"{self.school_year}-{self.school_year + 1}"


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A class or campus of a school whose classes the actor keeps."""

    school: Place
    place: Place


def kept_school(actor: Actor | None, school_id: int, on: date) -> Place | None:
    """The school, if the actor keeps its classes."""
    found = Place.objects.on(on).filter(pk=school_id, kind=Kind.SCHOOL)
    place = found.select_related("school").first()
    return place if place and may_keep_classes(actor, place, on) else None


def kept_place(actor: Actor | None, school_id: int, pk: int, on: date) -> KeptPlace | None:
    """A class or campus of such a school that runs on the day or later."""
    school = kept_school(actor, school_id, on)
    if school is None:
        return None
    classes = SchoolClass.objects.filter(school=school_id).values("place")
    campuses = Placement.objects.filter(parent=school_id, place__kind=Kind.CAMPUS).values("place")
    found = Place.objects.filter(Q(pk__in=classes) | Q(pk__in=campuses), pk=pk)
    running = found.filter(Q(until_on__isnull=True) | Q(until_on__gt=on))
    place = running.select_related("school_class").first()
    return KeptPlace(school, place) if place else None


def kept_class(actor: Actor | None, school_id: int, pk: int, on: date) -> KeptPlace | None:
    """Such a class."""
    kept = kept_place(actor, school_id, pk, on)
    return kept if kept and kept.place.kind == Kind.CLASS else None


def classes_page(school: Place, on: date) -> ClassesPage:
    """The classes of this school year (those to come and those that closed too) and the campuses."""
    year = school_year_of(on)
    rows = list(
        SchoolClass.objects.filter(school=school.pk, school_year__gte=year)
        .select_related("place")
        .order_by("school_year", "stage", "grade", "number")
    )
    ids = [row.pk for row in rows]
    teachers = class_teachers_of(ids, on)
    sizes = dict(
        Enrolment.objects.on(on)
        .filter(school_class__in=ids)
        .values_list("school_class")
        .annotate(count=Count("pk"))
    )
    stays = Placement.objects.on(on).filter(place__in=ids, parent__kind=Kind.CAMPUS)
    campus = dict(stays.values_list("place", "parent__name"))
    return ClassesPage(
        school_year=year,
        classes=tuple(
            ClassRow(
                school_class=row,
                place=row.place,
                campus=campus.get(row.pk, ""),
                class_teacher=_names(teachers.get(row.pk, ())),
                children=sizes.get(row.pk, 0),
                state=_state(row.place, on),
            )
            for row in rows
        ),
        campuses=tuple(campuses_of(school, on)),
    )


def campuses_of(school: Place, on: date) -> list[Place]:
    """The campuses and teaching points of the day."""
    return list(children(school.pk, on).filter(kind=Kind.CAMPUS))


def classes_in(campus: Place, until_on: date) -> list[Place]:
    """The classes that run at a campus on the day or later."""
    stays = Placement.objects.between(until_on, date.max).filter(parent=campus)
    return list(
        Place.objects.filter(pk__in=stays.values("place"), kind=Kind.CLASS).order_by("code")
    )


def classes_to_join(closing: SchoolClass, on: date) -> list[Place]:
    """The other classes of the same school, year and stage that run on the day, its grade first."""
    rows = SchoolClass.objects.filter(
        school=closing.school_id, school_year=closing.school_year, stage=closing.stage
    ).exclude(pk=closing.pk)
    running = rows.filter(Q(place__until_on__isnull=True) | Q(place__until_on__gt=on))
    found = list(running.select_related("place").order_by("grade", "number"))
    return [row.place for row in sorted(found, key=lambda row: row.grade != closing.grade)]


def seats_from(class_id: int, on: date) -> list[Enrolment]:
    """The enrolments in a class that hold on the day or later, locked where one may write."""
    rows = Enrolment.objects.between(on, date.max).filter(school_class=class_id)
    return list(rows.select_related("child", "school", "school_class").order_by("pk"))


def posts_from(class_id: int, on: date) -> list[Post]:
    """The posts at a class that hold on the day or later."""
    posts = Post.objects.between(on, date.max).filter(place=class_id)
    return list(posts.select_related("staff", "place").order_by("pk"))


def next_number(school: Place, school_year: int, stage: str, grade: int) -> int:
    """The number after the highest that a class of the grade ever bore in the year."""
    rows = SchoolClass.objects.filter(
        school=school.pk, school_year=school_year, stage=stage, grade=grade
    )
    return max(rows.values_list("number", flat=True), default=0) + 1


def next_campus_code(school: Place) -> str:
    """A code for another campus of the school."""
    count = Place.objects.filter(kind=Kind.CAMPUS, code__startswith=f"{school.code}-X").count()
    return f"{school.code}-X{count + 1}"


def stages_of(school: Place) -> tuple[str, ...]:
    """The stages that the school teaches."""
    return School.objects.get(pk=school.pk).stages


def _names(posts: Sequence[Post]) -> str:
    return "、".join(post.staff.name for post in posts)


def _state(place: Place, on: date) -> str:
    if place.holds_on(on):
        return "now"
    return "later" if place.from_on > on else "past"


def neighbours_of(place: Place) -> list[Place]:
    """The places of the same kind beside it in the school that hold on some day together with it:
    none of them may bear its name."""
    if place.kind == Kind.CLASS:
        school = place.school_class.school_id
        rows = SchoolClass.objects.filter(school=school).values("place")
    else:
        parents = Placement.objects.filter(place=place).values("parent")
        rows = Placement.objects.filter(parent__in=parents, place__kind=place.kind).values("place")
    beside = Place.objects.between(place.from_on, place.until_on or date.max)
    return list(beside.filter(pk__in=rows).exclude(pk=place.pk))
