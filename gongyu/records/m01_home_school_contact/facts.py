"""Which ledger facts visits and declines prove: one for each child of a visit."""

from __future__ import annotations

from datetime import date

from gongyu.ground.ledger.shapes import NewFact

from .models import Decline, Visit, VisitChild

VISIT_SOURCE = "home_school_contact.VisitChild"
DECLINE_SOURCE = "home_school_contact.Decline"


def of_visit(visit: Visit, children: list[VisitChild]) -> list[NewFact]:
    """One `visit.held` or `visit.attempted` for each child."""
    return [of_child(visit, row) for row in children]


def of_child(
    visit: Visit,
    row: VisitChild,
    *,
    supersedes_id: int | None = None,
    quantity: int = 1,
) -> NewFact:
    """`quantity=0` takes a visit back: the fact stands and counts nothing."""
    held = visit.is_held
    return NewFact(
        kind="visit.held" if held else "visit.attempted",
        subject_type="child",
        subject_id=row.child_id,
        place_id=row.class_place_id,
        on_date=visit.visited_on,
        actor_id=row.post.staff_id,
        actor_post_id=row.post_id,
        status=row.capacity if held else visit.outcome,
        detail=visit.setting,
        quantity=quantity,
        attrs={"visit": visit.pk},
        source_model=VISIT_SOURCE,
        source_id=row.pk,
        supersedes_id=supersedes_id,
    )


def of_decline(
    decline: Decline, *, until_on: date | None = None, supersedes_id: int | None = None
) -> NewFact:
    """From the acknowledgement to the end of the school year, or to the day it was withdrawn; a
    decline withdrawn on its first day counts nothing."""
    until = until_on or decline.until_on
    never_held = until is not None and until <= decline.acknowledged_on
    return NewFact(
        kind="visit.declined",
        subject_type="child",
        subject_id=decline.child_id,
        place_id=decline.class_place_id,
        on_date=decline.acknowledged_on,
        until_date=decline.until_on if never_held else until,
        actor_id=decline.acknowledged_by_id,
        status="declined",
        quantity=0 if never_held else 1,
        source_model=DECLINE_SOURCE,
        source_id=decline.pk,
        supersedes_id=supersedes_id,
    )
