"""A class as its teacher sees it on a phone: who is still to be visited, why first, and by road."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from gongyu.ground.access.permissions import VISIT_RECORD, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_bounds
from gongyu.ground.people.models import Care, Child, Enrolment, Leave
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.naming import by_name

from ..models import Capacity, Decline, FollowUp, Preference, Proposal, Visit, VisitChild
from ..needs import REASONS, History, rank, reasons
from ..states import LIVE_PROPOSALS
from .families import Road, Sibling, roads, siblings_of

# What a row of the list says about the visit of this school year.
ROW_STATES = ("to_visit", "proposed", "asked_other", "chosen", "decline_waiting", "visited",
              "declined", "away")  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit or an attempt that stands, as far as a list needs it: nothing of what was said."""

    pk: int  # of the child's row of the visit
    child_id: int
    capacity: str
    school_id: int
    visited_on: date
    outcome: str
    setting: str
    school_year: int  # of the class in which the child was visited

    @property
    def is_held(self) -> bool:
        return self.outcome == Visit.Outcome.HELD


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One child of the class; `state` is one of ROW_STATES."""

    child: Child
    state: str
    reasons: tuple[str, ...]
    road: Road | None
    siblings: list[Sibling]
    preference: Preference | None
    last_held: PastVisit | None
    visited_by_former_teacher: bool
    met_elsewhere: bool
    attempts: int
    proposal: Proposal | None
    decline: Decline | None

    @property
    def reason_words(self) -> list[str]:
        """Every reason in words but the one that nearly everybody has; that is `last_held`."""
        return [str(REASONS[key]) for key in self.reasons if key != "never_visited"]

    @property
    def is_open(self) -> bool:
        return self.state in {"to_visit", "proposed", "asked_other", "chosen", "decline_waiting"}


@dataclass(frozen=True, slots=True)
class RoadGroup:
    """Families along one road; `road` is None for those whose community is not known."""

    road: Road | None
    rows: list[ChildRow]


@dataclass(frozen=True, slots=True)
class ClassOverview:
    """A class and its children for visits, the most urgent first."""

    place: Place
    school_class: SchoolClass
    rows: list[ChildRow] = field(default_factory=list)

    def in_state(self, *states: str) -> list[ChildRow]:
        return [row for row in self.rows if row.state in states]

    @property
    def to_visit(self) -> list[ChildRow]:
        return self.in_state("to_visit", "decline_waiting")

    @property
    def under_way(self) -> list[ChildRow]:
        return self.in_state("proposed", "asked_other", "chosen")

    @property
    def visited(self) -> list[ChildRow]:
        return self.in_state("visited")

    @property
    def declined(self) -> list[ChildRow]:
        return self.in_state("declined")

    @property
    def away(self) -> list[ChildRow]:
        return self.in_state("away")

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def roads(self) -> list[RoadGroup]:
        """Those to visit, town by town and community by community; the unplaced stand apart."""
        groups: dict[Road | None, list[ChildRow]] = defaultdict(list)
        for row in self.to_visit:
            groups[row.road].append(row)
        placed = sorted((r for r in groups if r is not None), key=lambda r: r.key)
        found = [RoadGroup(road, groups[road]) for road in placed]
        if None in groups:
            found.append(RoadGroup(None, groups[None]))
        return found


@dataclass(slots=True)
class _Known:
    """What was read for the whole class at once, by child id."""

    visits: dict[int, list[PastVisit]]
    proposals: dict[int, Proposal]
    declines: dict[int, Decline]
    carers_changed: dict[int, date]
    roads: dict[int, Road | None]
    siblings: dict[int, list[Sibling]]


def class_overview(class_id: int, on: date) -> ClassOverview | None:
    """The class with every child enrolled on the day, or None where there is no such class.
    Ten SQL queries at most, whatever the class's size."""
    school_class = next(iter(_class_with_place(class_id)), None)
    if school_class is None:
        return None
    enrolments = by_name(_enrolments(class_id, on), lambda row: row.child.name)
    known = _known([e.child for e in enrolments], school_class, on)
    rows = [_row(e, known, school_class, on) for e in enrolments]
    rows.sort(key=lambda row: (not row.is_open, rank(row.reasons)))
    return ClassOverview(school_class.place, school_class, rows)


@prepared
def _class_with_place(class_id: int):
    return SchoolClass.objects.filter(place=class_id).select_related("place")


@prepared
def _enrolments(class_id: int, on: date):
    open_follow_ups = (
        FollowUp.objects.filter(child=OuterRef("child"), status="open")
        .order_by()
        .values("child")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Enrolment.objects.on(on)
        .filter(school_class=class_id)
        .select_related("child__home", "child__visit_preference")
        # A list needs names; secret columns would be opened one by one.
        .defer(
            "child__id_number",
            "child__registry_number",
            "child__address",
            "child__visit_preference__note",
        )
        .annotate(
            is_away=Exists(Leave.objects.on(on).filter(child=OuterRef("child"))),
            open_follow_ups=Coalesce(Subquery(open_follow_ups), 0),
        )
        .order_by("pk")
    )


def class_place(class_id: int) -> Place | None:
    return Place.objects.filter(pk=class_id, kind=Place.Kind.CLASS).first()


def _known(children: list[Child], school_class: SchoolClass, on: date) -> _Known:
    ids = [child.pk for child in children]
    visits: dict[int, list[PastVisit]] = defaultdict(list)
    for row in _past_visits(ids):
        visits[row[1]].append(PastVisit(*row))
    return _Known(
        visits=visits,
        proposals={row.child_id: row.proposal for row in _live_proposals(ids, on)},
        declines={row.child_id: row for row in _live_declines(ids, school_class.school_year)},
        carers_changed=_carers_changed(ids, on),
        roads=roads(children, on),
        siblings=siblings_of(ids, on),
    )


@prepared
def _past_visits(ids: list[int]):
    standing = VisitChild.objects.filter(child__among=ids, visit__status="standing")
    return standing.order_by("visit__visited_on", "pk").values_list(
        "pk", "child_id", "capacity", "school_id", "visit__visited_on", "visit__outcome",
        "visit__setting", "class_place__school_class__school_year",
    )  # fmt: skip


@prepared
def _live_proposals(ids: list[int], on: date):
    return (
        Proposal.children.through.objects.filter(
            child__among=ids, proposal__status__in=LIVE_PROPOSALS
        )
        .exclude(proposal__status="proposed", proposal__answer_by__lt=on)
        .select_related("proposal__chosen_time")
        .order_by("proposal")
    )


@prepared
def _live_declines(ids: list[int], year: int):
    return Decline.objects.filter(
        child__among=ids, school_year=year, status__in=["waiting", "acknowledged"]
    )


def _carers_changed(ids: list[int], on: date) -> dict[int, date]:
    """The last day on which somebody began or ceased to care, the first carers not counted."""
    changes: dict[int, set[date]] = defaultdict(set)
    first: dict[int, date] = {}
    for child_id, from_on, until_on in _days_of_care(ids, on):
        first[child_id] = min(first.get(child_id, from_on), from_on)
        changes[child_id] |= {from_on} | ({until_on} if until_on and until_on <= on else set())
    return {
        child_id: max(later)
        for child_id, days in changes.items()
        if (later := days - {first.get(child_id)})
    }


@prepared
def _days_of_care(ids: list[int], on: date):
    cares = Care.objects.filter(child__among=ids, from_on__lte=on)
    return cares.values_list("child_id", "from_on", "until_on")


def _row(enrolment: Enrolment, known: _Known, school_class: SchoolClass, on: date) -> ChildRow:
    child = enrolment.child
    year = _of_year(known.visits.get(child.pk, []), school_class)
    held = [v for v in year if v.is_held]
    ours = [v for v in held if v.capacity == Capacity.CLASS_TEACHER]
    at_home = [v for v in ours if v.setting == "home"]
    here = [v for v in at_home if v.school_id == school_class.school_id]
    attempts = [v for v in year if not v.is_held and v.capacity == Capacity.CLASS_TEACHER]
    proposal, decline = known.proposals.get(child.pk), known.declines.get(child.pk)
    return ChildRow(
        child=child,
        state=_state(bool(here), enrolment.is_away, proposal, decline),
        reasons=reasons(_history(enrolment, known, on), on),
        road=known.roads.get(child.pk),
        siblings=known.siblings.get(child.pk, []),
        preference=getattr(child, "visit_preference", None),
        last_held=_last(v for v in known.visits.get(child.pk, []) if v.is_held),
        visited_by_former_teacher=bool(at_home) and not here,
        met_elsewhere=bool(ours) and not at_home,
        attempts=len(attempts),
        proposal=proposal,
        decline=decline,
    )


def _of_year(rows: list[PastVisit], school_class: SchoolClass) -> list[PastVisit]:
    first, until = school_year_bounds(school_class.school_year)
    return [
        row
        for row in rows
        if row.school_year == school_class.school_year or first <= row.visited_on < until
    ]


def _state(here: bool, away: bool, proposal: Proposal | None, decline: Decline | None) -> str:
    if here:
        return "visited"
    if decline is not None and decline.status == "acknowledged":
        return "declined"
    if away:
        return "away"
    if proposal is not None:
        return proposal.status
    return "decline_waiting" if decline is not None else "to_visit"


def _history(enrolment: Enrolment, known: _Known, on: date) -> History:
    child_id = enrolment.child_id
    visits = [v for v in known.visits.get(child_id, []) if v.capacity == Capacity.CLASS_TEACHER]
    held = _last(v for v in visits if v.is_held)
    attempt = _last(v for v in visits if not v.is_held)
    preference = getattr(enrolment.child, "visit_preference", None)
    return History(
        asked_on=preference.asked_on if preference else None,
        carer_changed_on=known.carers_changed.get(child_id),
        joined_on=enrolment.from_on,
        joined_midway=enrolment.how_in in MIDWAY,
        last_held_on=held.visited_on if held else None,
        last_attempt_on=attempt.visited_on if attempt else None,
        open_follow_ups=enrolment.open_follow_ups,
    )


MIDWAY = (
    Enrolment.HowIn.TRANSFERRED,
    Enrolment.HowIn.MOVED_CLASS,
    Enrolment.HowIn.RETURNED,
)


def _last(rows: Iterable[PastVisit]) -> PastVisit | None:
    return max(rows, key=lambda row: (row.visited_on, row.pk), default=None)


def classes_for(actor: Actor | None, on: date) -> list[SchoolClass]:
    """The classes with which the actor works on the day."""
    return _classes_for(actor, on) if actor is not None else []


@prepared
def _classes_for(actor: Actor, on: date):
    worked = places_with(actor, VISIT_RECORD, kind=Place.Kind.CLASS, on=on)
    return (
        SchoolClass.objects.filter(place__in=worked)
        .filter(place__in=Place.objects.on(on))
        .select_related("place", "school")
        .order_by("school__name", "grade", "number")
    )
