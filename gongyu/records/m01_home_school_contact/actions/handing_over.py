"""A chronology goes to the child's new school: offered by the old one, accepted by the new one."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Child
from gongyu.ground.people.queries import class_on
from gongyu.ground.places.models import Place

from .. import rules_concerns as rules
from ..models_concerns import Anomaly, HandOver
from ..rules_concerns import ConcernFault


@transaction.atomic
def offer_hand_over(child: Child, school: Place, *, at: datetime, by: Actor) -> HandOver:
    """Offer what this school knows to the school where the child is now. Raises ConcernFault."""
    enrolment = class_on(child.pk, localtime(at).date())
    if enrolment is None or enrolment.school_id == school.pk:
        raise ConcernFault(_("孩子现在不在别的学校，没有可以移交给谁。"))
    known = Anomaly.objects.filter(child=child).exclude(status="retracted")
    received = HandOver.objects.filter(child=child, to_school=school, status="accepted")
    ids = set(known.filter(school=school).values_list("pk", flat=True))
    ids |= set(known.filter(hand_overs__in=received).values_list("pk", flat=True))
    if not ids:
        raise ConcernFault(_("没有可以移交的经过。"))
    try:
        with transaction.atomic():
            made = HandOver.objects.create(
                child=child,
                from_school=school,
                to_school_id=enrolment.school_id,
                offered_at=at,
                offered_by_id=by.staff_id,
            )
    except IntegrityError as error:
        raise ConcernFault(_("已经提出移交，正等新学校接收。")) from error
    made.anomalies.set(ids)
    _record("handover.offer", made, made.from_school_id, by=by)
    return made


@transaction.atomic
def accept_hand_over(hand_over: HandOver, *, at: datetime, by: Actor) -> HandOver:
    """The new school takes the chronology in and reads it from now on. Raises ConcernFault."""
    return _decide(hand_over, "accept", hand_over.to_school_id, at, by=by)


@transaction.atomic
def refuse_hand_over(hand_over: HandOver, *, at: datetime, by: Actor) -> HandOver:
    """The new school does not take it in; the old one keeps it. Raises ConcernFault."""
    return _decide(hand_over, "refuse", hand_over.to_school_id, at, by=by)


@transaction.atomic
def withdraw_hand_over(hand_over: HandOver, *, at: datetime, by: Actor) -> HandOver:
    """The old school takes its offer back. Raises ConcernFault."""
    return _decide(hand_over, "withdraw", hand_over.from_school_id, at, by=by)


def _decide(hand_over: HandOver, step: str, school_id: int, at: datetime, *, by: Actor) -> HandOver:
    hand_over = HandOver.objects.select_for_update().get(pk=hand_over.pk)
    enrolment = class_on(hand_over.child_id, localtime(at).date())
    if step == "accept" and (enrolment is None or enrolment.school_id != hand_over.to_school_id):
        raise ConcernFault(_("孩子现在不在本校，不能接收。"))
    hand_over.status = rules.check_hand_over_step(hand_over, step)
    hand_over.decided_at, hand_over.decided_by_id = at, by.staff_id
    hand_over.save(update_fields=["status", "decided_at", "decided_by"])
    _record(f"handover.{step}", hand_over, school_id, by=by)
    return hand_over


def _record(verb: str, hand_over: HandOver, school_id: int, *, by: Actor) -> None:
    record(verb, by=by, subject=("hand_over", hand_over.pk), place_id=school_id)
