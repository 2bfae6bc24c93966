"""Children with those who care for them, as of a day. Barred carers are marked, never offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.naming import by_name

from .models import Bar, Care, Carer, Child, Enrolment, Leave, Relation
from .rules import children_visible_to


@dataclass(frozen=True, slots=True)
class CarerOnDay:
    """Somebody who cares for a child on the day, and what stands in the way of reaching them."""

    carer: Carer
    relation: str
    is_guardian: bool
    is_daily_carer: bool
    contact_barred: bool = False
    information_barred: bool = False
    basis: str = ""

    @property
    def may_be_reached(self) -> bool:
        return not (self.contact_barred or self.information_barred)


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child of a class on the day."""

    child: Child
    enrolment: Enrolment
    community: Place | None
    carers: tuple[CarerOnDay, ...]


@dataclass(frozen=True, slots=True)
class ChildPage:
    """What the page of a child shows on a day. `siblings` are those whom the reader may see."""

    child: Child
    enrolment: Enrolment | None
    carers: tuple[CarerOnDay, ...]
    siblings: tuple[Child, ...]
    other_siblings: int
    history: tuple[Enrolment, ...]
    leave: Leave | None


def class_on(child_id: int, on: date) -> Enrolment | None:
    """Where the child was enrolled on the day."""
    return next(iter(_enrolled_on(child_id, on)), None)


@prepared
def _enrolled_on(child_id: int, on: date):
    rows = Enrolment.objects.on(on).filter(child=child_id)
    return rows.select_related("school_class", "school").order_by("pk")[:1]


def carers_of(
    child_ids: Iterable[int], on: date, *, phones: bool = False
) -> dict[int, list[CarerOnDay]]:
    """{child id: carers on the day, the daily carer first}, for many children in two queries. Names
    come with them, and telephones where they are wanted."""
    ids = list(child_ids)
    bars: dict[tuple[int, int], list[Bar]] = defaultdict(list)
    for bar in _bars_on(ids, on):
        bars[bar.child_id, bar.carer_id].append(bar)
    # Django puts the choices together anew for each row that it is asked about.
    relations = {value: str(words) for value, words in Relation.choices}
    found: dict[int, list[CarerOnDay]] = defaultdict(list)
    for care in _cares_on(ids, on, phones=phones):
        held = bars.get((care.child_id, care.carer_id), ())
        found[care.child_id].append(
            CarerOnDay(
                carer=care.carer,
                relation=relations.get(care.relation, care.relation),
                is_guardian=care.is_guardian,
                is_daily_carer=care.is_daily_carer,
                contact_barred=any(bar.contact for bar in held),
                information_barred=any(bar.information for bar in held),
                basis="；".join(bar.basis for bar in held),
            )
        )
    return found


@prepared
def _bars_on(child_ids: list[int], on: date):
    return Bar.objects.on(on).filter(child__among=child_ids).order_by("pk")


@prepared
def _cares_on(child_ids: list[int], on: date, *, phones: bool):
    cares = Care.objects.on(on).filter(child__among=child_ids).select_related("carer")
    own = ("child", "relation", "is_guardian", "is_daily_carer", "carer__name")
    # Every secret column that comes along is opened; lists of whole classes need none of them.
    wanted = cares.only(*own, "carer__phone") if phones else cares.only(*own)
    return wanted.order_by("child", "-is_daily_carer", "position", "pk")


def carers_on(child: Child, on: date) -> list[CarerOnDay]:
    """The carers of one child on the day, barred ones marked."""
    return carers_of([child.pk], on, phones=True)[child.pk]


def carers_to_reach(child: Child, on: date) -> list[CarerOnDay]:
    """Whom one may visit, call or tell: nobody who is barred."""
    return [carer for carer in carers_on(child, on) if carer.may_be_reached]


def class_list(class_id: int, on: date) -> list[Pupil]:
    """The children of a class on the day with home and carers, by name; four queries."""
    rows = by_name(_pupils_on(class_id, on), lambda row: row.child.name)
    carers = carers_of([row.child_id for row in rows], on)
    return [
        Pupil(row.child, row, row.child.home, tuple(carers.get(row.child_id, ()))) for row in rows
    ]


@prepared
def _pupils_on(class_id: int, on: date):
    return (
        Enrolment.objects.on(on)
        .filter(school_class=class_id)
        .select_related("child", "child__home")
        .defer("child__id_number", "child__registry_number", "child__address")
        .order_by("child_id")
    )


def siblings_of(child_ids: Iterable[int], on: date) -> dict[int, list[int]]:
    """{child id: ids of enrolled children who share a guardian or the daily carer on the day}."""
    ids = list(child_ids)
    own: dict[int, set[int]] = defaultdict(set)
    for child_id, carer_id in _ties_of(ids, on):
        own[carer_id].add(child_id)
    found: dict[int, set[int]] = defaultdict(set)
    for child_id, carer_id in _ties_through(list(own), on):
        for one in own[carer_id] - {child_id}:
            found[one].add(child_id)
    return {one: sorted(others) for one, others in found.items()}


@prepared
def _ties_of(child_ids: list[int], on: date):
    return _close_cares(on).filter(child__among=child_ids).values_list("child", "carer")


@prepared
def _ties_through(carer_ids: list[int], on: date):
    # Asked of the few children at hand: as a list of ids it would be the whole city's, every time.
    enrolled = Exists(Enrolment.objects.on(on).filter(child=OuterRef("child")))
    shared = _close_cares(on).filter(enrolled, carer__among=carer_ids)
    return shared.values_list("child", "carer")


def _close_cares(on: date):
    # The children of a home have one guardian and are not brothers and sisters for that.
    cares = Care.objects.on(on).exclude(relation=Relation.INSTITUTION)
    return cares.filter(is_guardian=True) | cares.filter(is_daily_carer=True)


def siblings(child: Child, on: date) -> list[Child]:
    """Brothers and sisters who are enrolled anywhere on the day."""
    ids = siblings_of([child.pk], on).get(child.pk, [])
    return _children_named(ids) if ids else []


@prepared
def _children_named(ids: list[int]):
    wanted = Child.objects.filter(pk__among=ids).order_by("born_on", "pk")
    return wanted.only("name", "born_on")


def child_visible_to(actor: Actor | None, child_id: int, on: date) -> Child | None:
    """The child, if the actor may read it on the day; otherwise None, as if there were none."""
    return children_visible_to(actor, on).filter(pk=child_id).first()


def child_page(child: Child, on: date, *, reader: Actor | None) -> ChildPage:
    """Everything on a child's page. Whoever shows it records the reading (`actions.read_child`)."""
    brothers_and_sisters = siblings(child, on)
    ids = [other.pk for other in brothers_and_sisters]
    seen = set(_seen_among(ids, reader, on)) if ids and reader is not None else set()
    history = _enrolments_of(child.pk)
    return ChildPage(
        child=child,
        enrolment=next((one for one in history if one.holds_on(on)), None),
        carers=tuple(carers_on(child, on)),
        siblings=tuple(other for other in brothers_and_sisters if other.pk in seen),
        other_siblings=len(brothers_and_sisters) - len(seen),
        history=tuple(history),
        leave=next(iter(_leave_on(child.pk, on)), None),
    )


@prepared
def _seen_among(child_ids: list[int], reader: Actor, on: date):
    seen = children_visible_to(reader, on).filter(pk__among=child_ids)
    return seen.values_list("pk", flat=True)


@prepared
def _enrolments_of(child_id: int):
    history = Enrolment.objects.filter(child=child_id).select_related("school", "school_class")
    return history.order_by("-from_on")


@prepared
def _leave_on(child_id: int, on: date):
    return Leave.objects.on(on).filter(child=child_id).order_by("pk")[:1]
