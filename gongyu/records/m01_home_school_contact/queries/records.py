"""Visits as they are read: one with its history, a child's, a class's, the draft of a record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Care, Child, Enrolment
from gongyu.ground.places.models import Containment, Place, SchoolClass
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Post, Staff
from gongyu.ground.staff.naming import by_name

from .. import rules
from ..models import Decline, Draft, FollowUp, Preference, Visit, VisitChild
from ..states import VISIT
from .families import CarerChoice, Sibling, carers_of_family, siblings_of
from .posts import class_teachers_of

DRAFT_HOURS = 72


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One visit, with the children's rows that the reader may read."""

    visit: Visit
    rows: list[VisitChild]
    others: int  # children of the visit whose rows the reader may not read
    met: list[str]
    follow_ups: list[FollowUp]
    has_versions: bool
    may_correct: bool

    @property
    def state_label(self) -> str:
        return VISIT[self.visit.status]["label"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a corrected visit."""

    visit: Visit
    rows: list[VisitChild]
    met: list[str]

    @property
    def state_label(self) -> str:
        return VISIT[self.visit.status]["label"]


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One child of one visit as a sheet shows it; what was said stays out of sheets."""

    child: str
    visited_on: date
    visitor: str
    capacity: str
    outcome: str
    setting: str
    open_follow_ups: int


@dataclass(frozen=True, slots=True)
class JoinedChild:
    """A child that the record form offers; `companion` is the sibling's own class teacher, who
    came along if the child is ticked."""

    child_id: int
    name: str
    class_name: str
    companion: str


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """What the record form needs to know about a family."""

    child: Child
    class_place: Place
    children: list[JoinedChild]
    carers: list[CarerChoice]
    colleagues: list[Staff]
    siblings_elsewhere: list[str]  # names of other schools, never of children


def visit_page(visit_id: int, on: date, actor: Actor | None) -> VisitPage | None:
    """The visit with what the actor may read of it, or None. Nine SQL queries at most."""
    visit = _visits().filter(pk=visit_id).first()
    if visit is None:
        return None
    rows = list(_readable(actor, on).filter(visit=visit))
    if not rows:
        return None
    return VisitPage(
        visit=visit,
        rows=rows,
        others=visit.children.count() - len(rows),
        met=_met(visit, rows),
        follow_ups=list(
            visit.follow_ups.select_related("owner", "handed_to__owner").order_by("due_on", "pk")
        ),
        has_versions=visit.replaces_id is not None or visit.status == "replaced",
        may_correct=rules.may_correct_visit(actor, visit, on),
    )


def versions_of(page: VisitPage, on: date, actor: Actor | None) -> list[Version]:
    """The versions of a visit, newest first, with what the actor may read of each."""
    chain = _versions(page.visit)
    rows = list(_readable(actor, on).filter(visit__in=chain))
    versions = []
    for visit in chain:
        own = [row for row in rows if row.visit_id == visit.pk]
        if own:
            versions.append(Version(visit, own, _met(visit, own)))
    return versions


def visits_of_child(child_id: int, on: date, actor: Actor | None = None) -> list[VisitChild]:
    """A child's visits and attempts that stand, newest first. With an actor only those that the
    actor may read; without one nothing said is fetched, only that there was a visit."""
    if actor is None:
        return _told_of(child_id, on)
    return _readable_of(child_id, on, actor)


@prepared
def _told_of(child_id: int, on: date):
    rows = VisitChild.objects.defer("note", "visit__asked", "visit__follows", *_SECRETS_OF_STAFF)
    rows = rows.select_related("visit__visitor", "post__staff", "class_place", "school")
    return _standing(rows, child_id, on)


@prepared
def _readable_of(child_id: int, on: date, actor: Actor):
    beside = ("child__id_number", "child__registry_number", "child__address", *_SECRETS_OF_STAFF)
    return _standing(_readable(actor, on).defer(*beside), child_id, on)


# What lists of visits never show of the people who visited.
_SECRETS_OF_STAFF = (
    "visit__visitor__id_number", "visit__visitor__phone",
    "post__staff__id_number", "post__staff__phone",
)  # fmt: skip


def _standing(rows: QuerySet[VisitChild], child_id: int, on: date) -> QuerySet[VisitChild]:
    standing = rows.filter(child=child_id, visit__status="standing", visit__visited_on__lte=on)
    return standing.order_by("-visit__visited_on", "-pk")


def visits_of_class(class_id: int, on: date, actor: Actor | None) -> list[ExportRow]:
    """The visits of a class's school year that the actor may read, in the order of days."""
    school_class = SchoolClass.objects.filter(place=class_id).first()
    if school_class is None:
        return []
    rows = (
        rules.readable_rows(actor, on)
        .filter(class_place=class_id, visit__status="standing")
        .filter(visit__visited_on__lte=on)
        .defer("note", "visit__asked", "visit__follows")
        .select_related("visit", "child", "post__staff")
        .prefetch_related("visit__follow_ups")
        .order_by("visit__visited_on", "child__name", "pk")
    )
    return [_export_row(row) for row in rows]


def visit_for(actor: Actor | None, visit_id: int, on: date) -> Visit | None:
    """A visit that the actor may correct, with its children, or None."""
    visit = _visits().filter(pk=visit_id).prefetch_related("children", "met").first()
    if visit is None or not rules.may_correct_visit(actor, visit, on):
        return None
    return visit


def child_to_record(actor: Actor | None, child_id: int, on: date) -> Child | None:
    """A child for whom the actor may record a visit, or None."""
    found = enrolled_to_record(actor, child_id, on)
    return found[0] if found else None


def enrolled_to_record(
    actor: Actor | None, child_id: int, on: date
) -> tuple[Child, Enrolment] | None:
    """A child for whom the actor may record a visit, and the enrolment that it belongs to."""
    child = next(iter(_child(child_id)), None)
    enrolment = rules.enrolment_for_visit(child, on) if child is not None else None
    if enrolment is None or not rules.may_work_with_class(actor, enrolment.school_class_id, on):
        return None
    return child, enrolment


@prepared
def _child(child_id: int):
    return Child.objects.filter(pk=child_id).select_related("home")


def child_to_read(actor: Actor | None, child_id: int, on: date) -> Child | None:
    """A child whose visit history the actor may open, or None."""
    return child_to_record(actor, child_id, on)


def record_sheet(
    child: Child, on: date, *, also: tuple[int, ...] = (), enrolment: Enrolment | None = None
) -> RecordSheet | None:
    """The family for the record form, as of the day, or None where the child is not enrolled.
    `also` names children who are offered although they are no siblings today; the enrolment of the
    day need not be asked for again."""
    enrolment = enrolment or rules.enrolment_for_visit(child, on)
    if enrolment is None:
        return None
    siblings = siblings_of([child.pk], on).get(child.pk, [])
    near = [s for s in siblings if s.school_id == enrolment.school_id]
    far = {s.school_name for s in siblings if s.school_id != enrolment.school_id}
    children = [JoinedChild(child.pk, child.name, enrolment.school_class.name, "")]
    children += _joined(near, enrolment.school_class_id, on)
    known = {c.child_id for c in children}
    for other in Child.objects.filter(pk__in=set(also) - known) if also else ():
        there = rules.enrolment_for_visit(other, on)
        children.append(
            JoinedChild(other.pk, other.name, there.school_class.name if there else "", "")
        )
    return RecordSheet(
        child=child,
        class_place=enrolment.school_class,
        children=children,
        carers=carers_of_family([c.child_id for c in children], on),
        colleagues=colleagues_in(enrolment.school_id, on),
        siblings_elsewhere=sorted(far),
    )


def colleagues_in(school_id: int, on: date) -> list[Staff]:
    """The members of staff who can own a follow-up in a school."""
    return by_name(_colleagues_in(school_id, on), lambda one: one.name)


@prepared
def _colleagues_in(school_id: int, on: date):
    inside = Containment.objects.on(on).filter(ancestor=school_id).values("place_id")
    posts = Post.objects.on(on).filter(place__in=inside, role__in=list(rules.VISITING_ROLES))
    return Staff.objects.filter(pk__in=posts.values("staff_id")).order_by("pk").only("name")


@dataclass(frozen=True, slots=True)
class ChildHistory:
    """A child's visits: those that the reader may open, and how many others there were."""

    rows: list[VisitChild]
    unread: list[VisitChild]  # day, capacity and class only; what was said is not fetched
    preference: Preference | None
    decline: Decline | None
    plans: bool
    class_place: Place | None


def child_history(child: Child, on: date, actor: Actor | None) -> ChildHistory:
    """What the actor may see of a child's visits. Eight SQL queries at most."""
    rows = visits_of_child(child.pk, on, actor)
    readable = {row.pk for row in rows}
    enrolment = rules.enrolment_for_visit(child, on)
    plans = enrolment is not None and rules.sees_needs(actor, enrolment.school_class_id, on)
    return ChildHistory(
        rows=rows,
        unread=[r for r in visits_of_child(child.pk, on) if r.pk not in readable] if plans else [],
        preference=next(iter(_preference_of(child.pk)), None) if plans else None,
        decline=next(iter(_decline_of(child.pk, on)), None) if plans else None,
        plans=plans,
        class_place=enrolment.school_class if enrolment else None,
    )


@prepared
def _preference_of(child_id: int):
    return Preference.objects.filter(child=child_id)


@prepared
def _decline_of(child_id: int, on: date):
    live = Decline.objects.filter(child=child_id, status__in=["waiting", "acknowledged"])
    return live.exclude(until_on__lte=on).order_by("pk")[:1]


def preference_of(child: Child) -> dict[str, object]:
    """The family's wishes as a form's initial values; empty where none are known."""
    known = Preference.objects.filter(child=child)
    return known.values("prefers", "times", "language", "asked_on", "note").first() or {}


def draft_of(staff_id: int | None, child: Child, moment: datetime) -> dict[str, list[str]] | None:
    """The writer's own draft, if it is no older than 72 hours."""
    if staff_id is None:
        return None
    since = moment - timedelta(hours=DRAFT_HOURS)
    draft = next(iter(_drafts(staff_id, child.pk, since)), None)
    return json.loads(draft.content) if draft else None


@prepared
def _drafts(staff_id: int, child_id: int, since: datetime):
    return Draft.objects.filter(staff=staff_id, child=child_id, saved_at__gte=since).order_by("pk")


def _visits():
    return Visit.objects.select_related("visitor", "post", "recorded_by", "ended_by", "proposal")


def _readable(actor: Actor | None, on: date):
    return rules.readable_rows(actor, on).select_related(
        "visit__visitor", "child", "post__staff", "class_place", "school"
    )


def _met(visit: Visit, rows: list[VisitChild]) -> list[str]:
    child_ids = [row.child_id for row in rows]
    cares = (
        Care.objects.on(visit.visited_on)
        .filter(child__in=child_ids, carer__in=visit.met.all())
        .select_related("carer")
    )
    names = {care.carer_id: f"{care.carer.name}（{care.get_relation_display()}）" for care in cares}
    return [*names.values(), *([visit.met_other] if visit.met_other else [])]


def _versions(visit: Visit) -> list[Visit]:
    """The whole chain of corrections to which the visit belongs, newest first."""
    newest = visit
    while (later := _visits().filter(replaces=newest).first()) is not None:
        newest = later
    chain = [newest]
    while chain[-1].replaces_id is not None:
        chain.append(_visits().get(pk=chain[-1].replaces_id))
    return chain


def _joined(siblings: list[Sibling], class_id: int, on: date) -> list[JoinedChild]:
    teachers = class_teachers_of({s.class_id for s in siblings}, on)
    joined = []
    for sibling in siblings:
        teacher = teachers.get(sibling.class_id)
        own_class = sibling.class_id == class_id
        companion = "" if own_class or teacher is None else teacher.staff.name
        if own_class or companion:
            joined.append(
                JoinedChild(sibling.child_id, sibling.name, sibling.class_name, companion)
            )
    return joined


def _export_row(row: VisitChild) -> ExportRow:
    visit = row.visit
    return ExportRow(
        child=row.child.name,
        visited_on=visit.visited_on,
        visitor=row.post.staff.name,
        capacity=row.get_capacity_display(),
        outcome=visit.get_outcome_display(),
        setting=visit.get_setting_display() if visit.setting else "",
        open_follow_ups=sum(
            1 for f in visit.follow_ups.all() if f.status == "open" and f.child_id == row.child_id
        ),
    )
