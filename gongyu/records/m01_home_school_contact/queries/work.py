"""What waits for somebody: answers, agreed visits, follow-ups; and how a school is getting on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils.timezone import make_aware

from gongyu.ground.access.permissions import FIGURE_READ, may
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_of
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.places.models import SchoolClass
from gongyu.ground.prepared import keep_fetched, prepared
from gongyu.ground.staff.models import Staff

from .. import rules
from ..models import Capacity, FollowUp, Proposal, VisitChild
from .posts import class_teachers_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a member of staff's own hand, oldest first."""

    unanswered: list[Proposal]
    asked_other: list[Proposal]
    agreed: list[Proposal]  # a time is chosen and still to come
    to_record: list[Proposal]  # the chosen time has passed


@dataclass(frozen=True, slots=True)
class ClassProgress:
    """One class of a school: how many children, and how many a class teacher has visited at home
    this school year. A count of work done; which duty it meets is for the indicators to say."""

    school_class: SchoolClass
    class_teacher: str  # empty: nobody holds the post on the day
    children: int
    visited: int


@dataclass(frozen=True, slots=True)
class SchoolProgress:
    """A school's visits of the school year; leaders' and subject teachers' are counted apart."""

    classes: list[ClassProgress]
    by_leaders: int
    by_subject_teachers: int
    met_elsewhere: int

    @property
    def children(self) -> int:
        return sum(c.children for c in self.classes)

    @property
    def visited(self) -> int:
        return sum(c.visited for c in self.classes)


def waiting_answers(staff: Staff | int, on: date) -> Waiting:
    """The proposals of a member of staff that are under way. Two SQL queries."""
    staff_id = staff if isinstance(staff, int) else staff.pk
    proposals = _live_proposals(staff_id, on)
    if proposals:
        children: dict[int, list[Child]] = defaultdict(list)
        for row in _children_of([p.pk for p in proposals]):
            children[row.proposal_id].append(row.child)
        for proposal in proposals:
            keep_fetched(proposal, "children", children[proposal.pk])
    midnight = make_aware(datetime.combine(on, time.min))
    chosen = [p for p in proposals if p.status == "chosen"]
    return Waiting(
        unanswered=[p for p in proposals if p.status == "proposed"],
        asked_other=[p for p in proposals if p.status == "asked_other"],
        agreed=[p for p in chosen if p.chosen_time.starts_at >= midnight],
        to_record=[p for p in chosen if p.chosen_time.starts_at < midnight],
    )


@prepared
def _live_proposals(staff_id: int, on: date):
    return (
        Proposal.objects.filter(proposer=staff_id, status__in=["proposed", "asked_other", "chosen"])
        .exclude(status="proposed", answer_by__lt=on)
        .select_related("chosen_time", "class_place")
        .defer("answer_words")
        .order_by("proposed_on", "pk")
    )


@prepared
def _children_of(proposals: list[int]):
    rows = Proposal.children.through.objects.filter(proposal__among=proposals)
    return rows.select_related("child").only("proposal", "child__name").order_by("child_id")


def waiting_for(actor: Actor | None, on: date) -> Waiting | None:
    """What waits for the actor; None for somebody who is not staff."""
    return waiting_answers(actor.staff_id, on) if actor and actor.staff_id else None


def follow_ups_of(staff: Staff | int, on: date) -> list[FollowUp]:
    """The open follow-ups of a member of staff, the nearest day first. One SQL query."""
    del on
    staff_id = staff if isinstance(staff, int) else staff.pk
    return list(_follow_ups().filter(owner=staff_id, status="open"))


def follow_ups_for(actor: Actor | None, on: date) -> list[FollowUp]:
    """The actor's own open follow-ups that the actor may still see."""
    return _own_follow_ups(actor, on) if actor is not None and actor.staff_id is not None else []


@prepared
def _own_follow_ups(actor: Actor, on: date):
    seen = rules.follow_ups_visible_to(actor, on).values("pk")
    own = _follow_ups().filter(owner=actor.staff_id, status="open", pk__in=seen)
    return own.defer(*_SECRETS_BESIDE)


def follow_up_for(actor: Actor | None, follow_up_id: int, on: date) -> FollowUp | None:
    """A follow-up that the actor may change, or None."""
    seen = rules.follow_ups_visible_to(actor, on).values("pk")
    return _follow_ups().filter(pk=follow_up_id, pk__in=seen).first()


def proposal_for(actor: Actor | None, proposal_id: int, on: date) -> Proposal | None:
    """A proposal that the actor may see, with times, children and links, or None."""
    seen = rules.proposals_visible_to(actor, on).values("pk")
    return (
        Proposal.objects.filter(pk=proposal_id, pk__in=seen)
        .select_related("class_place", "proposer", "chosen_time")
        .prefetch_related("times", "children", "links")
        .first()
    )


def proposals_for(actor: Actor | None, class_id: int, on: date) -> list[Proposal]:
    """The class's proposals that wait for an answer and that the actor may see, oldest first."""
    seen = rules.proposals_visible_to(actor, on).values("pk")
    return list(
        Proposal.objects.filter(
            pk__in=seen, class_place=class_id, status="proposed", answer_by__gte=on
        )
        .select_related("class_place", "proposer")
        .prefetch_related("times", "children", "links")
        .order_by("proposed_on", "pk")
    )


def school_progress(school_id: int, on: date) -> SchoolProgress:
    """How far a school's classes are this school year. Four SQL queries."""
    year = school_year_of(on)
    classes = _classes_of_year(school_id, year, on)
    ids = {c.place_id for c in classes}
    teachers = class_teachers_of(ids, on)
    enrolled: dict[int, set[int]] = defaultdict(set)
    for class_id, child_id in _enrolled_in(list(ids), on):
        enrolled[class_id].add(child_id)
    visits = [_Held(*row) for row in _visits_of_year(school_id, year, on)]
    at_home = {
        v.child_id for v in visits if v.capacity == Capacity.CLASS_TEACHER and v.setting == "home"
    }
    return SchoolProgress(
        classes=[
            ClassProgress(
                c,
                teachers[c.place_id].staff.name if c.place_id in teachers else "",
                len(enrolled[c.place_id]),
                len(enrolled[c.place_id] & at_home),
            )
            for c in classes
        ],
        by_leaders=_visits_in(visits, Capacity.LEADER),
        by_subject_teachers=_visits_in(visits, Capacity.SUBJECT_TEACHER),
        met_elsewhere=len({v.child_id for v in visits if v.setting == "elsewhere"}),
    )


def progress_for(
    actor: Actor | None, classes: list[SchoolClass], on: date
) -> list[tuple[SchoolClass, ClassProgress | None]]:
    """The classes with how far each is, for whoever reads the figures of the whole school."""
    found: dict[int, ClassProgress] = {}
    for school_id in {one.school_id for one in classes}:
        if may(actor, FIGURE_READ, school_id, on):
            progress = school_progress(school_id, on)
            found |= {each.school_class.pk: each for each in progress.classes}
    return [(one, found.get(one.pk)) for one in classes]


@dataclass(frozen=True, slots=True)
class _Held:
    """A child's row of a visit that was held, as far as counting needs it."""

    visit_id: int
    child_id: int
    capacity: str
    setting: str


@prepared
def _classes_of_year(school_id: int, year: int, on: date):
    return (
        SchoolClass.objects.filter(school=school_id, school_year=year)
        .filter(Q(place__until_on__isnull=True) | Q(place__until_on__gt=on), place__from_on__lte=on)
        .select_related("place")
        .order_by("stage", "grade", "number")
    )


@prepared
def _enrolled_in(class_ids: list[int], on: date):
    rows = Enrolment.objects.on(on).filter(school_class__among=class_ids)
    return rows.values_list("school_class_id", "child_id")


@prepared
def _visits_of_year(school_id: int, year: int, on: date):
    return VisitChild.objects.filter(
        school=school_id,
        class_place__school_class__school_year=year,
        visit__status="standing",
        visit__outcome="held",
        visit__visited_on__lte=on,
    ).values_list("visit_id", "child_id", "capacity", "visit__setting")


def _visits_in(rows: list[_Held], capacity: str) -> int:
    return len({row.visit_id for row in rows if row.capacity == capacity})


# Columns of what comes along that no list shows.
_SECRETS_BESIDE = (
    "child__id_number", "child__registry_number", "child__address",
    "visit__asked", "visit__follows", "owner__id_number", "owner__phone",
)  # fmt: skip


def _follow_ups():
    return FollowUp.objects.select_related(
        "child", "visit", "owner", "handed_from__owner"
    ).order_by("due_on", "pk")
