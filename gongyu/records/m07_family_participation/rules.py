"""Who sees and answers corrections, and in which state."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import CHILD_CHANGE, holds, may, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.shapes import Family
from gongyu.ground.people.models import Enrolment
from gongyu.ground.places.models import Place

from .models import Correction
from .states import leads_to

# As many of one guardian as may wait at once: enough for every line of a record.
MOST_OPEN = 10


class CorrectionFault(ValueError):
    """What cannot be done, why, and how to mend it; `field` names the input."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def answers_at_all(actor: Actor | None) -> bool:
    return holds(actor, CHILD_CHANGE)


def corrections_visible_to(actor: Actor | None, on: date) -> QuerySet[Correction]:
    """Corrections about children who are today in classes whose records the actor changes: a child
    who moved takes what still waits along."""
    classes = places_with(actor, CHILD_CHANGE, kind=Place.Kind.CLASS, on=on)
    here = Enrolment.objects.on(on).filter(school_class__in=classes).values("child")
    return Correction.objects.filter(child__in=here)


def may_see_correction(actor: Actor | None, correction: Correction, on: date) -> bool:
    """True exactly for `corrections_visible_to`."""
    rows = Enrolment.objects.on(on).filter(child=correction.child_id)
    return any(
        may(actor, CHILD_CHANGE, class_id, on)
        for class_id in rows.values_list("school_class", flat=True)
    )


def corrections_of(family: Family) -> QuerySet[Correction]:
    """The carer's own, about children whose guardian the carer is today."""
    wards = [child.child_id for child in family.guarded]
    return Correction.objects.filter(carer=family.carer_id, child__in=wards)


def check_can_propose(carer_id: int, child_id: int) -> None:
    """Raises CorrectionFault where too many wait already."""
    waiting = Correction.objects.filter(carer=carer_id, child=child_id, status="proposed")
    if waiting.count() >= MOST_OPEN:
        raise CorrectionFault(
            _("您提的还有许多在等答复。请等学校答复以后再提，急的话打电话给老师。")
        )


def check_step(correction: Correction, step: str) -> str:
    """The status that the step leads to. Raises CorrectionFault."""
    status = leads_to(correction.status, step)
    if status is None:
        raise CorrectionFault(_("这一条已经办结了，不能再改。"))
    return status
