"""What a school's registrar does with enrolments between two rosters: find by exact numbers,
receive, let go, take back a slip. Each with its audit row and facts."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append_many, standing_fact_of
from gongyu.ground.places.models import Place

from . import rules_keeping as rules
from .actions import enrol, leave_class
from .facts import ENROLMENT_SOURCE, LEAVE_SOURCE, facts_of_enrolment, facts_of_leave
from .models import Child, Enrolment, Leave
from .queries_keeping import (
    child_with_number,
    enrolment_before,
    enrolment_from,
    how_received,
    misses_of,
)


@transaction.atomic
def find_child(name: str, number: str, school: Place, on: date, *, by: Actor) -> Child | None:
    """The child of exactly this name and ID or registry number, anywhere in the city; otherwise
    None. Leaves an audit row either way. Raises PeopleRefused for whoever guesses."""
    rules.check_not_guessing(misses_of(by, on))
    child = child_with_number(name, number)
    audit.record(
        "child.find",
        by=by,
        subject=("child", child.pk if child else None),
        place_id=school.pk,
        detail={"found": int(child is not None)},
    )
    return child


@transaction.atomic
def receive(
    child: Child,
    school_class: Place,
    from_on: date,
    *,
    by: Actor,
    boarding: bool = False,
    pupil_number: str = "",
) -> Enrolment:
    """Enrol a child who comes from elsewhere; where it was enrolled until now ends on the day.
    Raises PeopleRefused."""
    child = Child.objects.select_for_update().get(pk=child.pk)
    current = enrolment_from(child.pk, from_on)
    rules.check_can_receive(child, school_class, from_on, current)
    how_in = how_received(child.pk, school_class.pk)
    if current is not None:
        leave_class(current, from_on, Enrolment.HowOut.TRANSFERRED, by=by)
    return enrol(
        child,
        school_class,
        from_on,
        how_in=how_in,
        boarding=boarding,
        pupil_number=pupil_number,
        by=by,
    )


@transaction.atomic
def reopen_enrolment(enrolment: Enrolment, on: date, *, by: Actor, why: str) -> Enrolment:
    """Take back that a child left. Raises PeopleRefused."""
    held = _locked(enrolment)
    rules.check_can_reopen(held, on)
    _end(held, None, "", by)
    _audit("enrolment.reopen", held, by, why)
    return held


@transaction.atomic
def take_back_enrolment(enrolment: Enrolment, on: date, *, by: Actor, why: str) -> Enrolment | None:
    """Take back an enrolment entered by mistake: the ledger counts it no more, and the row that it
    closed holds on. Returns that row. Raises PeopleRefused."""
    held = _locked(enrolment)
    rules.check_can_take_back_enrolment(held, on)
    _supersede(held, by, quantity=0)
    _audit("enrolment.take_back", held, by, why)
    before = enrolment_before(held)
    held.delete()
    if before is None or not _closed_by(held, before):
        return None
    before = _locked(before)
    _end(before, None, "", by)
    return before


@transaction.atomic
def correct_start(enrolment: Enrolment, from_on: date, *, by: Actor, why: str) -> Enrolment:
    """Correct the first day of an enrolment; the row that a move closed on that day ends on the
    corrected day. Raises PeopleRefused."""
    held = _locked(enrolment)
    before = enrolment_before(held)
    together = before is not None and _closed_by(held, before)
    rules.check_can_correct_start(held, from_on, before, together=together)
    if before is not None and together:
        _end(_locked(before), from_on, before.how_out, by)
    held.from_on = from_on
    held.save(update_fields=["from_on"])
    _supersede(held, by)
    _audit("enrolment.correct", held, by, why)
    return held


@transaction.atomic
def take_back_leave(leave: Leave, on: date, *, by: Actor, why: str) -> None:
    """Take back a leave entered by mistake: the ledger counts it no more. Raises PeopleRefused."""
    held = Leave.objects.select_for_update().get(pk=leave.pk)
    rules.check_can_take_back(held, on)
    said = standing_fact_of(LEAVE_SOURCE, held.pk)
    append_many(facts_of_leave(held, supersedes_id=said.seq if said else None, quantity=0), by=by)
    audit.record(
        "leave.take_back",
        by=by,
        subject=("child", held.child_id),
        why=why,
        detail={"leave": held.pk, "kind": held.kind, **_days(held)},
    )
    held.delete()


def _locked(enrolment: Enrolment) -> Enrolment:
    Child.objects.select_for_update().get(pk=enrolment.child_id)
    return Enrolment.objects.select_related("school_class").get(pk=enrolment.pk)


def _closed_by(enrolment: Enrolment, before: Enrolment) -> bool:
    return before.until_on == enrolment.from_on and before.how_out in rules.HANDED_OVER


def _end(enrolment: Enrolment, until_on: date | None, how_out: str, by: Actor) -> None:
    enrolment.until_on, enrolment.how_out = until_on, how_out
    enrolment.save(update_fields=["until_on", "how_out"])
    _supersede(enrolment, by)


def _supersede(enrolment: Enrolment, by: Actor, *, quantity: int = 1) -> None:
    said = standing_fact_of(ENROLMENT_SOURCE, enrolment.pk)
    facts = facts_of_enrolment(
        enrolment, supersedes_id=said.seq if said else None, quantity=quantity
    )
    append_many(facts, by=by)


def _days(row: Enrolment | Leave) -> dict[str, str]:
    until = row.until_on.isoformat() if row.until_on else ""
    return {"from": row.from_on.isoformat(), "until": until}


def _audit(verb: str, enrolment: Enrolment, by: Actor, why: str) -> None:
    audit.record(
        verb,
        by=by,
        subject=("child", enrolment.child_id),
        place_id=enrolment.school_class_id,
        why=why,
        detail={"enrolment": enrolment.pk, **_days(enrolment)},
    )
