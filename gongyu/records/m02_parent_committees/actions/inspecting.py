"""The district's office looks at a committee; what is to be mended has a day and is closed."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append

from .. import facts, rules
from ..codes import PROBLEMS
from ..models import Committee, Inspection, Rectification
from ..rules import CommitteeFault

LONGEST_MENDING = timedelta(days=180)


@transaction.atomic
def inspect(
    committee: Committee,
    *,
    inspected_on: date,
    note: str,
    key: str,
    on: date,
    by: Actor,
    problem: str = "",
    what: str = "",
    due_on: date | None = None,
) -> Inspection:
    """Somebody looked on a day; with a problem, what is to be mended until when. Raises
    CommitteeFault."""
    before = Inspection.objects.filter(key=key, committee=committee).first()
    if before is not None:
        return before
    if inspected_on > on or inspected_on < committee.founded_on:
        raise CommitteeFault(_("检查日期不能晚于今天，也不能早于设立日期。"), "inspected_on")
    if not note.strip():
        raise CommitteeFault(_("请写一句看了什么。"), "note")
    if problem:
        _check_problem(problem, what, due_on, on)
    row = Inspection.objects.create(
        committee=committee, on=inspected_on, by_id=by.staff_id, note=note.strip(), key=key
    )
    if problem:
        Rectification.objects.create(
            inspection=row, problem=problem, what=what.strip(), due_on=due_on
        )
    append(facts.of_inspection(row, committee, to_mend=bool(problem)), by=by)
    record(
        "committee.inspect",
        by=by,
        subject=("committee", committee.pk),
        place_id=committee.place_id,
        detail={"inspection": row.pk, "problem": problem},
    )
    return row


def _check_problem(problem: str, what: str, due_on: date | None, on: date) -> None:
    if problem not in PROBLEMS:
        raise CommitteeFault(_("请选一个问题。"), "problem")
    if not what.strip():
        raise CommitteeFault(_("请写明要改什么。"), "what")
    if due_on is None or not on <= due_on <= on + LONGEST_MENDING:
        raise CommitteeFault(_("请定整改期限，在今天到180天之内。"), "due_on")


@transaction.atomic
def report_mended(row: Rectification, *, report: str, on: date, by: Actor) -> Rectification:
    """The school says how it was mended. Raises CommitteeFault."""
    row = Rectification.objects.select_for_update(of=("self",)).get(pk=row.pk)
    row.status = rules.check_rectification_step(row, "report")
    if not report.strip():
        raise CommitteeFault(_("请写明怎样整改的。"), "report")
    row.report = report.strip()
    row.save(update_fields=["status", "report"])
    _record("rectification.report", row, by=by)
    return row


@transaction.atomic
def judge_mended(row: Rectification, *, accepts: bool, on: date, by: Actor) -> Rectification:
    """The office looks again: closed, or back to the school. Raises CommitteeFault."""
    row = Rectification.objects.select_for_update(of=("self",)).get(pk=row.pk)
    row.status = rules.check_rectification_step(row, "accept" if accepts else "send back")
    row.closed_on = on if accepts else None
    row.save(update_fields=["status", "closed_on"])
    _record("rectification.close" if accepts else "rectification.return", row, by=by)
    return row


def _record(verb: str, row: Rectification, *, by: Actor) -> None:
    record(
        verb,
        by=by,
        subject=("rectification", row.pk),
        place_id=row.inspection.committee.place_id,
    )
