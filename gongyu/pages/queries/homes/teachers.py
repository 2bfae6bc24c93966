"""What a class teacher and a subject teacher see first: today's visits and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localtime

from gongyu.ground.audit.actors import Actor, HeldPost
from gongyu.ground.people.models import Enrolment
from gongyu.ground.places.models import Place
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Role
from gongyu.records.m01_home_school_contact import queries as visits
from gongyu.records.m01_home_school_contact.queries import ChildRow, ClassOverview
from gongyu.records.m01_home_school_contact.queries.work import Waiting, follow_ups_for
from gongyu.records.m02_parent_committees.queries.committees import Line, lines_of_place

# A glance shows this many; the class's own list has them all.
FIRST_TO_VISIT = 6
FOLLOW_UPS_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class TeacherHome:
    """`overview` is None where no class of the post runs today; `others` are further classes."""

    place: Place | None
    overview: ClassOverview | None
    first: list[ChildRow]
    today: list
    waiting: Waiting
    follow_ups: list
    others: list[Place]
    committees: list[Line]
    on: date

    @property
    def more(self) -> int:
        return len(self.overview.to_visit) - len(self.first) if self.overview else 0


@dataclass(frozen=True, slots=True)
class SubjectTeacherHome:
    classes: list[tuple[Place, int]]
    follow_ups: list
    on: date


def class_teacher(actor: Actor, post: HeldPost, on: date) -> TeacherHome:
    """The first class in full, further ones as links."""
    waiting = visits.waiting_answers(actor.staff_id, on)
    overview = visits.class_overview(post.place_id, on)
    others = [p.place_id for p in actor.posts if p.role == Role.CLASS_TEACHER]
    return TeacherHome(
        place=overview.place if overview else None,
        overview=overview,
        first=overview.to_visit[:FIRST_TO_VISIT] if overview else [],
        today=[p for p in waiting.agreed if _day_of(p) == on],
        waiting=waiting,
        follow_ups=follow_ups_soon(actor, on),
        others=_other_classes(others, post.place_id),
        committees=lines_of_place(post.place_id, on),
        on=on,
    )


def subject_teacher(actor: Actor, post: HeldPost, on: date) -> SubjectTeacherHome:
    ids = [p.place_id for p in actor.posts if p.role == Role.SUBJECT_TEACHER]
    sizes: dict[int, int] = dict.fromkeys(ids, 0)
    rows = Enrolment.objects.on(on).filter(school_class__in=ids)
    for class_id in rows.values_list("school_class_id", flat=True):
        sizes[class_id] += 1
    places = Place.objects.filter(pk__in=ids).order_by("name")
    return SubjectTeacherHome(
        [(place, sizes[place.pk]) for place in places], follow_ups_soon(actor, on), on
    )


def follow_ups_soon(actor: Actor, on: date) -> list:
    """The open follow-ups of the next two weeks and those that are late."""
    found = follow_ups_for(actor, on)
    return [each for each in found if each.due_on <= on + FOLLOW_UPS_AHEAD]


def _day_of(proposal) -> date:
    return localtime(proposal.chosen_time.starts_at).date()


def _other_classes(ids: list[int], first: int) -> list[Place]:
    rest = [pk for pk in ids if pk != first]
    return _places_by_name(rest) if rest else []


@prepared
def _places_by_name(ids: list[int]):
    return Place.objects.filter(pk__among=ids).order_by("name")
