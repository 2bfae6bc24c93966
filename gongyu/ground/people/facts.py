"""Which ledger facts enrolments and leaves prove. Pure: no question is asked here."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from gongyu.ground.ledger.shapes import NewFact

from .models import Leave

ENROLMENT_SOURCE = "people.Enrolment"
LEAVE_SOURCE = "people.Leave"


class Enrolled(Protocol):
    """What the fact needs of an enrolment: a model's row, or one that is written in bulk."""

    pk: int
    child_id: int
    school_class_id: int
    from_on: date
    until_on: date | None
    how_in: str
    boarding: bool


def facts_of_enrolment(
    enrolment: Enrolled, *, supersedes_id: int | None = None, quantity: int = 1
) -> list[NewFact]:
    """That the child is in the class from–until; an end is a fact that supersedes the open one."""
    return [
        NewFact(
            kind="enrolment",
            subject_type="child",
            subject_id=enrolment.child_id,
            place_id=enrolment.school_class_id,
            on_date=enrolment.from_on,
            until_date=enrolment.until_on,
            status=enrolment.how_in,
            detail="boarding" if enrolment.boarding else "",
            source_model=ENROLMENT_SOURCE,
            source_id=enrolment.pk,
            quantity=quantity,
            supersedes_id=supersedes_id,
        )
    ]


def facts_of_leave(
    leave: Leave, *, supersedes_id: int | None = None, quantity: int = 1
) -> list[NewFact]:
    """That the child is away from–until; a `quantity` of 0 takes it back."""
    return [
        NewFact(
            kind="leave",
            subject_type="child",
            subject_id=leave.child_id,
            on_date=leave.from_on,
            until_date=leave.until_on,
            status=leave.kind,
            source_model=LEAVE_SOURCE,
            source_id=leave.pk,
            quantity=quantity,
            supersedes_id=supersedes_id,
        )
    ]
