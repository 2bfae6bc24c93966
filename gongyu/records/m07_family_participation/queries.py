"""Corrections with their clocks, for the guardian who proposed and for the school that answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.shapes import Family, FamilyChild
from gongyu.ground.holidays.queries import Deadline, deadline
from gongyu.ground.places.models import Place
from gongyu.ground.places.queries import ancestor
from gongyu.ground.prepared import prepared

from . import rules
from .models import Correction
from .parameters import AnswerRule, answer_rule


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction and until when it is to be answered."""

    correction: Correction
    clock: Deadline
    rule: AnswerRule
    is_over: bool


def line_of(correction: Correction, on: date) -> CorrectionLine:
    """The clock counts the working days of the school's district, from the day after."""
    rule, proposed_on = answer_rule(), localdate(correction.proposed_at)
    district = ancestor(correction.school_id, Place.Kind.DISTRICT, proposed_on)
    clock = deadline(proposed_on, rule.days, district.code if district else "")
    is_over = correction.status == "proposed" and on > clock.day
    return CorrectionLine(correction, clock, rule, is_over)


def lines_for_family(family: Family, child: FamilyChild, on: date) -> list[CorrectionLine]:
    """What the guardian proposed about a child, the newest first."""
    rows = rules.corrections_of(family).filter(child=child.child_id)
    return [line_of(row, on) for row in rows.order_by("-proposed_at")[:20]]


def waiting_for(actor: Actor | None, on: date) -> list[CorrectionLine]:
    """What waits for the actor's school, the oldest first."""
    rows = rules.corrections_visible_to(actor, on).filter(status="proposed")
    rows = rows.select_related("child", "class_place").order_by("proposed_at", "pk")
    return [line_of(row, on) for row in rows]


def count_waiting(actor: Actor | None, on: date) -> int:
    """How many wait; for the home."""
    if not rules.answers_at_all(actor):
        return 0
    return len(_waiting_ids(actor, on))


@prepared
def _waiting_ids(actor: Actor | None, on: date):
    rows = rules.corrections_visible_to(actor, on).filter(status="proposed")
    return rows.values_list("pk", flat=True)


def correction_for(actor: Actor | None, pk: int, on: date) -> Correction | None:
    rows = rules.corrections_visible_to(actor, on).filter(pk=pk)
    return rows.select_related("child", "class_place", "carer", "answered_by").first()


def own_correction(family: Family, pk: int) -> Correction | None:
    return rules.corrections_of(family).filter(pk=pk).first()
