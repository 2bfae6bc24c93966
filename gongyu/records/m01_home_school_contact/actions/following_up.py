"""Follow-ups: done, handed over, or no longer needed."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.staff.models import Staff

from .. import rules
from ..models import FollowUp
from ..rules import VisitFault


@transaction.atomic
def do_follow_up(follow_up: FollowUp, *, done_on: date, on: date, by: Actor) -> FollowUp:
    """It is done. Raises VisitFault."""
    if done_on > on:
        raise VisitFault(_("办结日期不能晚于今天。"), "done_on")
    if done_on < follow_up.visit.visited_on:
        raise VisitFault(_("办结日期不能早于家访日期。"), "done_on")
    follow_up = _locked(follow_up)
    follow_up.status = rules.check_can_close_follow_up(follow_up, "do")
    follow_up.done_on = done_on
    return _save(follow_up, "follow_up.done", by=by)


@transaction.atomic
def hand_over_follow_up(
    follow_up: FollowUp, *, owner: Staff, due_on: date, on: date, by: Actor, note: str = ""
) -> FollowUp:
    """Somebody else takes it over, by a day; returns the new one. Raises VisitFault."""
    if due_on < on:
        raise VisitFault(_("新的完成日期不能早于今天。"), "due_on")
    if due_on > on + rules.FARTHEST_AHEAD:
        raise VisitFault(_("新的完成日期要在一年之内，请核对年份。"), "due_on")
    follow_up = _locked(follow_up)
    if owner.pk == follow_up.owner_id:
        raise VisitFault(_("请选择另一位老师。"), "owner")
    follow_up.status = rules.check_can_close_follow_up(follow_up, "hand_over")
    follow_up.note = note
    _save(follow_up, "follow_up.hand_over", by=by)
    return FollowUp.objects.create(
        visit_id=follow_up.visit_id,
        child_id=follow_up.child_id,
        school_id=follow_up.school_id,
        owner=owner,
        due_on=due_on,
        what=follow_up.what,
        handed_from=follow_up,
        changed_at=now(),
    )


@transaction.atomic
def drop_follow_up(follow_up: FollowUp, *, note: str, by: Actor) -> FollowUp:
    """It is no longer needed, for a reason. Raises VisitFault."""
    if not note.strip():
        raise VisitFault(_("请写明为什么不再需要。"), "note")
    follow_up = _locked(follow_up)
    follow_up.status = rules.check_can_close_follow_up(follow_up, "drop")
    follow_up.note = note.strip()
    return _save(follow_up, "follow_up.drop", by=by)


def _locked(follow_up: FollowUp) -> FollowUp:
    return FollowUp.objects.select_for_update().get(pk=follow_up.pk)


def _save(follow_up: FollowUp, verb: str, *, by: Actor) -> FollowUp:
    follow_up.changed_at = now()
    follow_up.save()
    record(
        verb,
        by=by,
        subject=("child", follow_up.child_id),
        place_id=follow_up.school_id,
        detail={"follow_up": follow_up.pk},
    )
    return follow_up
