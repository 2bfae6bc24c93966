"""Propose, withdraw, read, accept and refuse a correction; each leaves its row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.shapes import FamilyChild

from . import rules
from .models import Correction
from .rules import CorrectionFault


@transaction.atomic
def propose_correction(
    child: FamilyChild, about: str, should_be: str, *, key: str, at: datetime, by: Actor
) -> Correction:
    """A guardian says what is wrong. The same form sent twice is one correction. Raises
    CorrectionFault: too many wait, or the child is at no school that could answer."""
    former = Correction.objects.filter(carer=by.carer_id, key=key).first()
    if former is not None:
        return former
    if child.school_id is None:
        raise CorrectionFault(_("孩子现在没有在读的学校。请联系原来的学校。"))
    rules.check_can_propose(by.carer_id, child.child_id)
    made = Correction.objects.create(
        child_id=child.child_id,
        school_id=child.school_id,
        class_place_id=child.class_id,
        carer_id=by.carer_id,
        about=about,
        should_be=should_be,
        proposed_at=at,
        key=key,
    )
    _note("correction.propose", made, by=by, detail={"about": about})
    return made


@transaction.atomic
def withdraw_correction(correction: Correction, *, at: datetime, by: Actor) -> Correction:
    """The guardian takes it back. Raises CorrectionFault."""
    held = _locked(correction)
    held.status = rules.check_step(held, "withdraw")
    held.save(update_fields=["status"])
    _note("correction.withdraw", held, by=by)
    return held


@transaction.atomic
def answer_correction(
    correction: Correction, step: str, words: str, *, at: datetime, by: Actor
) -> Correction:
    """The school's answer: `accept` once the record is right, `refuse` with the reason. Raises
    CorrectionFault."""
    held = _locked(correction)
    held.status = rules.check_step(held, step)
    if not words.strip():
        raise CorrectionFault(_("请写明改了什么，或者为什么不改；家长会看到。"), "words")
    held.answer, held.answered_at, held.answered_by_id = words.strip(), at, by.staff_id
    held.save(update_fields=["status", "answer", "answered_at", "answered_by"])
    _note("correction.answer", held, by=by, detail={"step": step})
    return held


@transaction.atomic
def read_correction(correction: Correction, *, by: Actor) -> None:
    """Somebody at the school opens what a guardian wrote."""
    _note("correction.read", correction, by=by)


def _locked(correction: Correction) -> Correction:
    return Correction.objects.select_for_update().get(pk=correction.pk)


def _note(verb: str, correction: Correction, *, by: Actor, detail: dict | None = None) -> None:
    record(
        verb,
        by=by,
        subject=("child", correction.child_id),
        place_id=correction.class_place_id,
        detail={"correction": correction.pk, **(detail or {})},
    )
