"""The head's word on a family that wants no visit, and the family's right to change its mind."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.calendar.years import school_year_bounds
from gongyu.ground.ledger.actions import append, standing_fact_of

from .. import facts, rules
from ..models import Decline
from ..rules import VisitFault


@transaction.atomic
def acknowledge_decline(decline: Decline, *, on: date, by: Actor) -> Decline:
    """The head has seen the attempts: lawful until the school year ends. Raises VisitFault."""
    decline = _locked(decline)
    decline.status = rules.check_can_decide(decline, "acknowledge")
    until = school_year_bounds(decline.school_year)[1]
    if on >= until:
        raise VisitFault(_("这一学年已经结束，不再确认。"))
    decline.acknowledged_on = on
    decline.acknowledged_by_id = by.staff_id
    decline.until_on = until
    _save(decline, "decline.acknowledge", by=by)
    append(facts.of_decline(decline), by=by)
    return decline


@transaction.atomic
def return_decline(decline: Decline, *, reason: str, on: date, by: Actor) -> Decline:
    """The head asks for one more attempt. Raises VisitFault."""
    if not reason.strip():
        raise VisitFault(_("请写一句建议，例如“周末再联系一次奶奶”。"), "reason")
    decline = _locked(decline)
    return close_decline(decline, "return", reason.strip(), on=on, by=by)


@transaction.atomic
def withdraw_decline(decline: Decline, *, reason: str, on: date, by: Actor) -> Decline:
    """The family changed its mind. Raises VisitFault."""
    if not reason.strip():
        raise VisitFault(_("请写明为什么取消。"), "reason")
    return close_decline(_locked(decline), "withdraw", reason.strip(), on=on, by=by)


def close_decline(decline: Decline, step: str, reason: str, *, on: date, by: Actor) -> Decline:
    """Return or withdraw it; an acknowledged one gives back the rest of the year."""
    was_acknowledged = decline.status == "acknowledged"
    decline.status = rules.check_can_decide(decline, step)
    decline.reason = reason
    decline.closed_on = on
    decline.closed_by_id = by.staff_id
    _save(decline, f"decline.{step}", by=by)
    if was_acknowledged:
        standing = standing_fact_of(facts.DECLINE_SOURCE, decline.pk)
        seq = standing.seq if standing else None
        append(facts.of_decline(decline, until_on=on, supersedes_id=seq), by=by)
    return decline


def _locked(decline: Decline) -> Decline:
    return Decline.objects.select_for_update().get(pk=decline.pk)


def _save(decline: Decline, verb: str, *, by: Actor) -> None:
    decline.changed_at = now()
    decline.save()
    record(
        verb,
        by=by,
        subject=("child", decline.child_id),
        place_id=decline.school_id,
        why=decline.reason,
        detail={"decline": decline.pk},
    )
