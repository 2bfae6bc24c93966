"""A child's data as its guardian sees it: what the roster holds and that there were visits. What is
somebody else's stays covered: other numbers, the exact address, what the school noted for its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.ground.families.rules import cares_visible
from gongyu.ground.families.shapes import Family, FamilyChild
from gongyu.ground.people.models import Care, Child, Enrolment, Leave
from gongyu.ground.prepared import prepared
from gongyu.records.m01_home_school_contact import queries as visits


@dataclass(frozen=True, slots=True)
class CarerKept:
    """A carer as the roster knows one; the own number whole, another's by its end."""

    name: str
    relation: str
    is_guardian: bool
    is_daily_carer: bool
    phone: str
    is_me: bool


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Everything on the page of one child."""

    child: FamilyChild
    kept: Child
    id_number: str
    registry_number: str
    home: str
    has_address: bool
    enrolments: list[Enrolment]
    leave: Leave | None
    carers: list[CarerKept]
    visits: list  # VisitChild rows of measure 1, without what was noted


def record_page(child: FamilyChild, family: Family, on: date) -> RecordPage:
    """Six SQL queries. Whoever shows it records the reading."""
    [kept] = _child(child.child_id)
    return RecordPage(
        child=child,
        kept=kept,
        id_number=covered(kept.id_number),
        registry_number=covered(kept.registry_number),
        home=kept.home.name if kept.home else "",
        has_address=bool(kept.address),
        enrolments=_enrolments(kept.pk),
        leave=next(iter(_leaves(kept.pk, on)), None),
        carers=[_carer(care, family) for care in _cares(kept.pk, on)],
        visits=visits.visits_at_home(kept.pk, on),
    )


@prepared
def _child(child_id: int):
    return Child.objects.select_related("home").filter(pk=child_id)


@prepared
def _enrolments(child_id: int):
    rows = Enrolment.objects.filter(child=child_id).select_related("school", "school_class")
    return rows.order_by("-from_on")


@prepared
def _leaves(child_id: int, on: date):
    return Leave.objects.on(on).filter(child=child_id).order_by("pk")


@prepared
def _cares(child_id: int, on: date):
    rows = cares_visible(on).filter(child=child_id).select_related("carer")
    return rows.order_by("-is_daily_carer", "position", "pk")


def _carer(care: Care, family: Family) -> CarerKept:
    is_me = care.carer_id == family.carer_id
    phone = care.carer.phone
    return CarerKept(
        name=care.carer.name,
        relation=str(care.get_relation_display()),
        is_guardian=care.is_guardian,
        is_daily_carer=care.is_daily_carer,
        phone=phone if is_me else covered(phone),
        is_me=is_me,
    )


def covered(number: str) -> str:
    """A number by its last four characters, enough for whoever knows it to compare."""
    return f"····{number[-4:]}" if len(number) > 4 else number
