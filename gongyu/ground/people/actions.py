"""Enrolling, moving, leaving, caring, barring: each with its audit row, and facts where it counts."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append_many, standing_fact_of
from gongyu.ground.places.models import Place, SchoolClass

from . import rules, rules_keeping
from .facts import ENROLMENT_SOURCE, LEAVE_SOURCE, facts_of_enrolment, facts_of_leave
from .models import Bar, Care, Carer, Child, Enrolment, Leave
from .queries import class_on


# Pages call it inside their own transaction; nobody goes on after it failed, so that a savepoint
# would be two questions to the database for nothing.
@transaction.atomic(savepoint=False)
def read_child(child: Child, on: date, *, by: Actor, why: str = "") -> Child:
    """Record that somebody opens a child's page, in the transaction that reads it."""
    place = class_on(child.pk, on)
    audit.record(
        "child.read",
        by=by,
        subject=("child", child.pk),
        place_id=place.school_class_id if place else None,
        why=why,
    )
    return child


@transaction.atomic
def enrol(
    child: Child,
    school_class: Place,
    from_on: date,
    *,
    by: Actor,
    how_in: str = Enrolment.HowIn.ADMITTED,
    boarding: bool = False,
    pupil_number: str = "",
) -> Enrolment:
    """Enrol a child in a class from a day. Raises PeopleRefused."""
    _locked(child)
    rules.check_can_enrol(child, school_class, from_on)
    enrolment = Enrolment.objects.create(
        child=child,
        school_id=SchoolClass.objects.get(pk=school_class.pk).school_id,
        school_class=school_class,
        from_on=from_on,
        how_in=how_in,
        boarding=boarding,
        pupil_number=pupil_number,
    )
    append_many(facts_of_enrolment(enrolment), by=by)
    _audit("enrolment.open", child, by, school_class.pk)
    return enrolment


@transaction.atomic
def leave_class(enrolment: Enrolment, until_on: date, how_out: str, *, by: Actor) -> Enrolment:
    """End an enrolment: `until_on` is the first day on which the child is no longer there.
    Raises PeopleRefused."""
    held = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    rules.check_can_leave_class(held, until_on)
    held.until_on, held.how_out = until_on, how_out
    held.save(update_fields=["until_on", "how_out"])
    said = standing_fact_of(ENROLMENT_SOURCE, held.pk)
    append_many(facts_of_enrolment(held, supersedes_id=said.seq if said else None), by=by)
    _audit("enrolment.close", held.child, by, held.school_class_id)
    return held


@transaction.atomic
def move_class(enrolment: Enrolment, school_class: Place, on: date, *, by: Actor) -> Enrolment:
    """Move a child to another class on a day: within the school, or a transfer to another school.
    Raises PeopleRefused."""
    rules_keeping.check_can_move(enrolment, school_class)
    target = SchoolClass.objects.get(pk=school_class.pk)
    away = target.school_id != enrolment.school_id
    out = Enrolment.HowOut.TRANSFERRED if away else Enrolment.HowOut.MOVED_CLASS
    how_in = Enrolment.HowIn.TRANSFERRED if away else Enrolment.HowIn.MOVED_CLASS
    old = leave_class(enrolment, on, out, by=by)
    # Boarding and the school's own number end with the school.
    kept = {} if away else {"boarding": old.boarding, "pupil_number": old.pupil_number}
    return enrol(old.child, school_class, on, how_in=how_in, by=by, **kept)


@transaction.atomic
def start_leave(
    child: Child,
    kind: str,
    from_on: date,
    *,
    by: Actor,
    until_on: date | None = None,
    basis: str = "",
) -> Leave:
    """Suspension, long illness, teaching at home, abroad. Raises PeopleRefused."""
    _locked(child)
    rules.check_can_start_leave(child, from_on, until_on)
    leave = Leave.objects.create(
        child=child, kind=kind, from_on=from_on, until_on=until_on, basis=basis
    )
    append_many(facts_of_leave(leave), by=by)
    _audit("leave.start", child, by, detail={"kind": kind})
    return leave


@transaction.atomic
def end_leave(leave: Leave, until_on: date, *, by: Actor) -> Leave:
    """The child is back on `until_on`. Raises PeopleRefused."""
    held = Leave.objects.select_for_update().select_related("child").get(pk=leave.pk)
    if held.until_on == until_on:
        return held
    rules_keeping.check_can_end_leave(held, until_on)
    held.until_on = until_on
    held.save(update_fields=["until_on"])
    said = standing_fact_of(LEAVE_SOURCE, held.pk)
    append_many(facts_of_leave(held, supersedes_id=said.seq if said else None), by=by)
    _audit("leave.end", held.child, by, detail={"kind": held.kind})
    return held


@transaction.atomic
def add_care(
    child: Child,
    carer: Carer,
    relation: str,
    from_on: date,
    *,
    by: Actor,
    is_guardian: bool = False,
    is_daily_carer: bool = False,
    position: int | None = None,
) -> Care:
    """Somebody cares for a child from a day; `position` 1 is asked for first. Raises PeopleRefused."""
    _locked(child)
    rules_keeping.check_can_add_care(child.pk, carer.pk, from_on)
    care = Care.objects.create(
        child=child,
        carer=carer,
        relation=relation,
        from_on=from_on,
        is_guardian=is_guardian,
        is_daily_carer=is_daily_carer,
        position=position or child.cares.count() + 1,
    )
    _audit("care.add", child, by, detail={"care": care.pk})
    return care


@transaction.atomic
def end_care(care: Care, on: date, *, by: Actor) -> Care:
    """Custody or care ends on a day: from that day on the person no longer cares for the child.
    Raises PeopleRefused."""
    held = Care.objects.select_for_update().select_related("child").get(pk=care.pk)
    rules.check_can_change_care(held, on)
    held.until_on = on
    held.save(update_fields=["until_on"])
    _audit("care.end", held.child, by, detail={"care": held.pk})
    return held


@transaction.atomic
def change_care(
    care: Care, on: date, *, by: Actor, is_guardian: bool, is_daily_carer: bool
) -> Care:
    """Custody changes on a day: what held before stays as it was. Raises PeopleRefused."""
    old = end_care(care, on, by=by)
    return add_care(
        old.child,
        old.carer,
        old.relation,
        on,
        is_guardian=is_guardian,
        is_daily_carer=is_daily_carer,
        position=old.position,
        by=by,
    )


@transaction.atomic
def bar_carer(
    child: Child,
    carer: Carer,
    from_on: date,
    basis: str,
    *,
    by: Actor,
    contact: bool = True,
    information: bool = True,
    until_on: date | None = None,
) -> Bar:
    """Bar a carer from contact or information, with its basis (an order, say). Raises PeopleRefused."""
    _locked(child)
    rules.check_can_bar(child, carer.pk, from_on, until_on)
    bar = Bar.objects.create(
        child=child,
        carer=carer,
        contact=contact,
        information=information,
        basis=basis,
        from_on=from_on,
        until_on=until_on,
    )
    _audit("bar.start", child, by, detail={"bar": bar.pk})
    return bar


@transaction.atomic
def lift_bar(bar: Bar, until_on: date, *, by: Actor, why: str = "") -> Bar:
    """The bar no longer holds from `until_on`. Raises PeopleRefused."""
    held = Bar.objects.select_for_update().select_related("child").get(pk=bar.pk)
    rules_keeping.check_can_lift_bar(held, until_on)
    held.until_on = until_on
    held.save(update_fields=["until_on"])
    _audit("bar.lift", held.child, by, detail={"bar": held.pk}, why=why)
    return held


def _locked(child: Child) -> None:
    # Two who enter something about one child at the same moment wait for each other here.
    Child.objects.select_for_update(of=("self",)).get(pk=child.pk)


def _audit(
    verb: str,
    child: Child,
    by: Actor,
    place_id: int | None = None,
    *,
    detail: dict | None = None,
    why: str = "",
) -> None:
    audit.record(
        verb, by=by, subject=("child", child.pk), place_id=place_id, detail=detail, why=why
    )
