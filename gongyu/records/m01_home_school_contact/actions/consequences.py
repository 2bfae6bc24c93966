"""What follows from a visit by itself: proposals close, declines begin, rest or end."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.places.models import SchoolClass
from gongyu.ground.prepared import prepared

from .. import rules
from ..models import Decline, Draft, Proposal, Visit, VisitChild
from ..queries.declines import by_class_teacher
from ..states import LIVE_PROPOSALS
from .declining import close_decline


def follow_from(visit: Visit, rows: list[VisitChild], *, on: date, by: Actor) -> None:
    """Bring proposals, declines and drafts of these children in line with their visits."""
    children = [row.child_id for row in rows]
    if by.staff_id is not None:
        Draft.objects.filter(staff=by.staff_id, child__in=children).delete()
    if visit.is_held and visit.status == "standing":
        _close_proposals(visit, children)
    for row in rows:
        _weigh_decline(visit, row, on=on, by=by)


def _close_proposals(visit: Visit, children: list[int]) -> None:
    live = _live_proposals(children)
    if not live:
        return
    visit.proposal_id = live[0]
    visit.save(update_fields=["proposal"])
    Proposal.objects.filter(pk__in=live).update(status="held", changed_at=now())


@prepared
def _live_proposals(children: list[int]):
    of_child = Proposal.children.through.objects.filter(
        proposal=OuterRef("pk"), child__among=children
    )
    live = Proposal.objects.filter(Exists(of_child), status__in=LIVE_PROPOSALS)
    return live.order_by("-proposed_on", "-pk").values_list("pk", flat=True)


def _weigh_decline(visit: Visit, row: VisitChild, *, on: date, by: Actor) -> None:
    """Two attempts on two days ask for the head's word; a visit, or a retraction, ends it."""
    [year] = _school_year(row.class_place_id)
    rows = by_class_teacher(row.child_id, year)
    held = any(r.visit.is_held for r in rows)
    tries = {r.visit.visited_on for r in rows if not r.visit.is_held}
    enough = len(tries) >= rules.ATTEMPTS_BEFORE_A_DECLINE
    live = next(iter(_live_declines(row.child_id, year)), None)
    wanted = enough and not held
    if live is not None and not wanted:
        close_decline(live, "withdraw", _why_closed(enough), on=on, by=by)
    elif live is None and wanted and _is_a_new_attempt(visit):
        _ask_for_decline(row, year, on=on, by=by)


@prepared
def _school_year(class_id: int):
    return SchoolClass.objects.filter(place=class_id).values_list("school_year", flat=True)


@prepared
def _live_declines(child_id: int, year: int):
    return Decline.objects.filter(
        child=child_id, school_year=year, status__in=["waiting", "acknowledged"]
    )


def _is_a_new_attempt(visit: Visit) -> bool:
    # A head who sent a decline back is asked again only after another attempt.
    return visit.status == "standing" and not visit.is_held


def _why_closed(enough: bool) -> str:
    return "已家访" if enough else "联系记录已更正"


def _ask_for_decline(row: VisitChild, year: int, *, on: date, by: Actor) -> None:
    decline = Decline.objects.create(
        child_id=row.child_id,
        class_place_id=row.class_place_id,
        school_id=row.school_id,
        school_year=year,
        asked_on=on,
        asked_by_id=by.staff_id,
        changed_at=now(),
    )
    record(
        "decline.ask",
        by=by,
        subject=("child", row.child_id),
        place_id=row.school_id,
        detail={"decline": decline.pk},
    )
