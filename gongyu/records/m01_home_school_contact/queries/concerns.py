"""Children who seem not well: whose turn it is, one with its clock and chronology, hand-overs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.working_days import Table
from gongyu.ground.holidays.moves import Move
from gongyu.ground.holidays.queries import changes_since, layers_of
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.people.queries import class_on
from gongyu.ground.places.models import Place
from gongyu.ground.places.queries import codes_above
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Post, Role
from gongyu.ground.staff.naming import by_name
from gongyu.ground.staff.queries import class_teachers_of

from .. import rules_concerns as rules
from ..clocks import Clock, clock, moves
from ..concern_codes import EXCUSED_WORDS, EXCUSES
from ..models_concerns import Anomaly, AnomalyStep, HandOver
from ..parameters import ContactClock, contact_clock
from ..states import ANOMALY
from .families import CarerChoice, carers_for_contact

OPEN = tuple(status for status, row in ANOMALY.items() if row["to"])
FOUND_AT_MOST = 30


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """One open matter as lists show it; `due_at` runs only while nobody was contacted."""

    anomaly_id: int
    child: str
    class_name: str
    kind: str
    label: str
    noticed_at: datetime
    due_at: datetime | None
    is_over: bool
    next_on: date | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as this reader sees it: which lawful reason it was only its writer sees."""

    what: str
    words: str
    who: str
    carer: str
    channel: str
    at: datetime
    excuse: str = ""


@dataclass(frozen=True, slots=True)
class AnomalyPage:
    """One note with its clock. `full` is False for a noticer who is no reader of the chronology."""

    anomaly: Anomaly
    full: bool
    steps: list[StepLine]
    rule: ContactClock
    clock: Clock | None
    moves: list[Move]
    carers: list[CarerChoice]
    barred: int
    may_retract: bool


@dataclass(frozen=True, slots=True)
class ChildChoice:
    child_id: int
    name: str
    group: str


def children_near(actor: Actor, on: date) -> list[ChildChoice]:
    """The children of the actor's own classes, class by class; one SQL query."""
    classes = [p.place_id for p in actor.posts if p.scope_kind == Place.Kind.CLASS]
    rows = Enrolment.objects.on(on).filter(
        school_class__in=classes, child__in=rules.children_to_note(actor, on)
    )
    found = by_name(_choices(rows.order_by("pk")), lambda child: child.name)
    return sorted(found, key=lambda child: child.group)


def children_found(actor: Actor, words: str, on: date) -> list[ChildChoice]:
    """Children within reach by name or initials."""
    named = Q(child__name__contains=words)
    if words.isascii():
        named |= Q(child__initials__startswith=words.lower())
    rows = Enrolment.objects.on(on).filter(named, child__in=rules.children_to_note(actor, on))
    rows = rows.order_by("child__initials", "child__name", "pk")
    return by_name(_choices(rows[:FOUND_AT_MOST]), lambda child: child.name)


def child_chosen(actor: Actor | None, child_id: int, on: date) -> ChildChoice | None:
    rows = Enrolment.objects.on(on).filter(
        child=child_id, child__in=rules.children_to_note(actor, on)
    )
    return next(iter(_choices(rows)), None)


def _choices(rows: Iterable[Enrolment]) -> list[ChildChoice]:
    return [
        ChildChoice(row.child_id, row.child.name, row.school_class.name)
        for row in rows.select_related("child", "school_class")
    ]


def concerns_to_act(actor: Actor | None, on: date, moment: datetime) -> list[ConcernLine]:
    """What is the actor's own turn, the most urgent first. Seven SQL queries at most."""
    rows = _open(actor, on)
    turn = _Turn(actor, rows, on)
    tables = _tables(rows, on)
    lines = [_line(row, tables[row.school_id], moment) for row in rows]
    return [
        line for row, line in zip(rows, lines, strict=True) if turn.is_theirs(row, line.is_over)
    ]


def concerns_open(actor: Actor | None, on: date, moment: datetime) -> list[ConcernLine]:
    """Every open matter that the actor reads in full. Three SQL queries."""
    rows = _open(actor, on)
    tables = _tables(rows, on)
    return [_line(row, tables[row.school_id], moment) for row in rows]


def _tables(rows: list[Anomaly], on: date) -> dict[int, Table]:
    """{school id: the days off of the city and of the school's district}."""
    schools = {row.school_id for row in rows}
    if not schools:
        return {}
    codes = codes_above(schools, Place.Kind.DISTRICT, on)
    layers = layers_of(codes.get(school, "") for school in schools)
    return {school: layers[codes.get(school, "")].table for school in schools}


def district_of(school_id: int, on: date) -> str:
    """The code of the school's district, which may keep days off of its own; empty where the school
    is closed by now."""
    return codes_above([school_id], Place.Kind.DISTRICT, on).get(school_id, "")


def own_notes(actor: Actor, on: date) -> list[ConcernLine]:
    """The actor's own notes, the newest first: where they stand, and no more."""
    seen = rules.anomalies_visible_to(actor, on).filter(noticer=actor.staff_id)
    rows = seen.select_related("child", "class_place").order_by("-noticed_at", "-pk")[:20]
    return [_line(row, {}, row.noticed_at, counted=False) for row in rows]


def concerns_of_child(child: Child, actor: Actor | None, on: date) -> list[ConcernLine]:
    """The child's chronology for those who need it; empty for everybody else."""
    rows = _chronology(child.pk, actor, on) if actor is not None else []
    return [_line(row, {}, row.noticed_at, counted=False) for row in rows]


@prepared
def _chronology(child_id: int, actor: Actor, on: date):
    rows = rules.anomalies_read_in_full(actor, on).filter(child=child_id)
    return _with_names(rows).order_by("-noticed_at", "-pk")


def _with_names(rows: QuerySet[Anomaly]) -> QuerySet[Anomaly]:
    """With the names that a line shows; what was noted and what is secret of a child stays."""
    secrets = ("child__id_number", "child__registry_number", "child__address")
    return rows.select_related("child", "class_place").defer("words", *secrets)


def _open(actor: Actor | None, on: date) -> list[Anomaly]:
    return _open_for(actor, on) if actor is not None else []


@prepared
def _open_for(actor: Actor, on: date):
    rows = rules.anomalies_read_in_full(actor, on).filter(status__in=OPEN)
    return _with_names(rows).order_by("noticed_at", "pk")


def _line(row: Anomaly, table: Table, moment: datetime, *, counted: bool = True) -> ConcernLine:
    running = counted and row.status == "noticed"
    due = clock(row.noticed_at, contact_clock(), table).due_at if running else None
    return ConcernLine(
        anomaly_id=row.pk,
        child=row.child.name,
        class_name=row.class_place.name,
        kind=row.get_kind_display(),
        label=str(row.label),
        noticed_at=row.noticed_at,
        due_at=due,
        is_over=due is not None and moment > due,
        next_on=row.next_on,
    )


class _Turn:
    """Whose turn an open matter is: the class teacher's (an acting one's too); where there is none,
    or the reminder has passed, the head of moral education's; the head's only where both are
    missing. A child who left stays the old school's turn until the hand-over is accepted."""

    def __init__(self, actor: Actor | None, rows: list[Anomaly], on: date):
        self.actor, self.on = actor, on
        self.now: dict[int, Enrolment] = {}
        self.handed: set[int] = set()
        self.teachers: dict[int, list[Post]] = {}
        self.moral_heads: dict[int, set[int]] = defaultdict(set)
        self.led: set[int] = set()
        if rows:
            self._read(rows)

    def _read(self, rows: list[Anomaly]) -> None:
        enrolled = _enrolled([r.child_id for r in rows], self.on)
        self.now = {each.child_id: each for each in enrolled}
        moved = [r.pk for r in rows if self._school_now(r) != r.school_id]
        if moved:
            accepted = HandOver.objects.filter(status="accepted", anomalies__in=moved)
            self.handed = {
                anomaly
                for anomaly, child, school in accepted.values_list(
                    "anomalies", "child_id", "to_school_id"
                )
                if child in self.now and self.now[child].school_id == school
            }
        self.teachers = class_teachers_of({e.school_class_id for e in enrolled}, self.on)
        schools = {r.school_id for r in rows} | {e.school_id for e in enrolled}
        for place, staff in _moral_heads(list(schools), self.on):
            self.moral_heads[place].add(staff)
        self.led = set(_schools_led(self.actor, self.on))

    def _school_now(self, row: Anomaly) -> int | None:
        here = self.now.get(row.child_id)
        return here.school_id if here else None

    def is_theirs(self, row: Anomaly, is_over: bool) -> bool:
        me = self.actor.staff_id
        if row.status != "noticed":
            return row.owner_id == me and row.next_on is not None and row.next_on <= self.on
        school_now = self._school_now(row)
        is_here = school_now == row.school_id or row.pk in self.handed
        school = school_now if is_here else row.school_id
        teachers: set[int] = set()
        if is_here:
            posts = self.teachers.get(self.now[row.child_id].school_class_id, ())
            teachers = {post.staff_id for post in posts}
        if me in teachers:
            return True
        if me in self.moral_heads[school]:
            return is_over or not teachers
        return school in self.led and not self.moral_heads[school] and not teachers


@prepared
def _enrolled(child_ids: list[int], on: date):
    return Enrolment.objects.on(on).filter(child__among=child_ids)


@prepared
def _moral_heads(schools: list[int], on: date):
    heads = Post.objects.on(on).filter(place__among=schools, role=Role.MORAL_EDUCATION_HEAD)
    return heads.values_list("place_id", "staff_id")


@prepared
def _schools_led(actor: Actor, on: date):
    return rules.schools_led(actor, on).values_list("pk", flat=True)


def anomaly_for(actor: Actor | None, anomaly_id: int, on: date) -> Anomaly | None:
    """A note that the actor may open, or None."""
    seen = rules.anomalies_visible_to(actor, on).filter(pk=anomaly_id)
    return seen.select_related("child", "class_place", "school", "noticer", "owner").first()


def anomaly_page(anomaly: Anomaly, actor: Actor, on: date) -> AnomalyPage:
    """The note as this reader may see it."""
    full = rules.may_act_on(actor, anomaly, on)
    rule, district = contact_clock(), district_of(anomaly.school_id, on)
    layers = layers_of([district])[district]
    running = anomaly.status == "noticed"
    reachable = carers_for_contact([anomaly.child_id], on).get(anomaly.child_id, [])
    return AnomalyPage(
        anomaly=anomaly,
        full=full,
        steps=_steps(anomaly, actor) if full else [],
        rule=rule,
        clock=clock(anomaly.noticed_at, rule, layers.table) if running else None,
        moves=moves(anomaly.noticed_at, rule, layers, changes_since(anomaly.recorded_at, district))
        if running
        else [],
        carers=reachable if full else [],
        barred=anomaly.child.bars.on(on).count() if full else 0,
        may_retract=rules.may_retract(actor, anomaly, on),
    )


def _steps(anomaly: Anomaly, actor: Actor) -> list[StepLine]:
    rows = AnomalyStep.objects.filter(anomaly=anomaly).select_related("taken_by", "carer")
    return [_step_line(row, actor) for row in rows]


def _step_line(row: AnomalyStep, actor: Actor) -> StepLine:
    excused = row.kind == "excuse"
    own = row.taken_by_id == actor.staff_id
    # A lawful reason looks like every other: its words would tell them apart.
    return StepLine(
        what=str(EXCUSED_WORDS) if excused else row.get_kind_display(),
        words=row.words if own or not excused else "",
        who=row.taken_by.name,
        carer=row.carer.name if row.carer else "",
        channel=row.get_channel_display() if row.channel else "",
        at=row.taken_at,
        excuse=str(EXCUSES[row.excuse][0]) if excused and own and row.excuse in EXCUSES else "",
    )


@dataclass(frozen=True, slots=True)
class Leaver:
    """A child who was noted here and is elsewhere now: what may be offered to whom."""

    child: Child
    school: Place
    new_school: Place
    entries: int
    offered: HandOver | None


def leavers_of(actor: Actor | None, on: date) -> list[Leaver]:
    """Children with a chronology in the actor's schools who are enrolled elsewhere today."""
    led = {school.pk: school for school in rules.schools_led(actor, on)}
    if not led:
        return []
    elsewhere = Enrolment.objects.on(on).filter(child=OuterRef("child"))
    rows = (
        Anomaly.objects.filter(Exists(elsewhere.exclude(school=OuterRef("school"))), school__in=led)
        .exclude(status="retracted")
        .defer("words")
    )
    counts: dict[tuple[int, int], int] = defaultdict(int)
    children = {}
    for row in rows.select_related("child"):
        counts[row.child_id, row.school_id] += 1
        children[row.child_id] = row.child
    now = Enrolment.objects.on(on).filter(child__in=children).select_related("school")
    offers = {
        (h.child_id, h.from_school_id, h.to_school_id): h
        for h in HandOver.objects.filter(
            from_school__in=led, status__in=["offered", "accepted", "refused"]
        ).order_by("pk")
    }
    return [
        Leaver(
            children[e.child_id],
            led[school_id],
            e.school,
            counts[e.child_id, school_id],
            offers.get((e.child_id, school_id, e.school_id)),
        )
        for e in now
        for school_id in led
        if e.school_id != school_id and counts.get((e.child_id, school_id))
    ]


def leaver_of(actor: Actor | None, child_id: int, on: date) -> Leaver | None:
    return next((each for each in leavers_of(actor, on) if each.child.pk == child_id), None)


def offers_to(actor: Actor | None, on: date) -> list[HandOver]:
    """The hand-overs that wait for the actor's schools: that there is something, not what."""
    return _offers_to(actor, on) if actor is not None else []


@prepared
def _offers_to(actor: Actor, on: date):
    led = rules.schools_led(actor, on).values("pk")
    rows = HandOver.objects.filter(to_school__in=led, status="offered")
    return rows.select_related("child", "from_school").order_by("offered_at", "pk")


def hand_over_for(actor: Actor | None, hand_over_id: int, on: date) -> HandOver | None:
    seen = rules.hand_overs_visible_to(actor, on).filter(pk=hand_over_id)
    return seen.select_related("child", "from_school", "to_school").first()


def class_of(child: Child, on: date) -> Place | None:
    enrolment = class_on(child.pk, on)
    return enrolment.school_class if enrolment else None
