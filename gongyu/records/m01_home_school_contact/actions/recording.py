"""Record a visit or a failed attempt, correct it, take it back."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import Deed, record_many
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.ledger.actions import append_many, standing_facts_of
from gongyu.ground.prepared import prepared

from .. import facts, rules
from ..models import FollowUp, Visit, VisitChild
from ..rows import build_rows, check_entry
from ..rules import VisitFault
from ..shapes import VisitEntry
from .consequences import follow_from


@transaction.atomic
def record_visit(entry: VisitEntry, *, on: date, key: str, by: Actor) -> Visit:
    """Record a visit (or an attempt that failed) that the actor made, with its ledger facts.

    The same `key` sent twice by the same person is the same visit. Raises VisitFault.
    """
    sent = _already_sent(key, by)
    if sent is not None:
        _check_the_same(sent, entry)
        return sent
    if by.staff_id is None:
        raise VisitFault(_("只有教职工可以记录家访。"))
    try:
        with transaction.atomic():
            return write_visit(entry, visitor_id=by.staff_id, on=on, key=key, by=by)
    except (IntegrityError, VisitFault):
        # The other tap was a moment faster: what is there already is what was sent.
        sent = _already_sent(key, by)
        if sent is None:
            raise
        return sent


def write_visit(
    entry: VisitEntry,
    *,
    visitor_id: int,
    on: date,
    key: str,
    by: Actor,
    replaces: Visit | None = None,
    reason: str = "",
) -> Visit:
    """The visit with its rows, facts, audit rows and what follows from it, inside a transaction. Raises
    VisitFault."""
    check_entry(entry, on)
    rows = build_rows(entry, visitor_id, replaces=replaces)
    main = next((row.post for row in rows if row.post.staff_id == visitor_id), None)
    if main is None:
        raise VisitFault(_("您当天不是这些孩子的老师。"), "visited_on")
    visit = Visit.objects.create(
        visited_on=entry.visited_on,
        visitor_id=visitor_id,
        post=main,
        outcome=entry.outcome,
        setting=entry.setting,
        met_other=entry.met_other,
        asked=entry.asked,
        follows=entry.follows,
        replaces=replaces,
        reason=reason,
        key=key,
        recorded_at=now(),
        recorded_by_id=by.staff_id,
    )
    if entry.met:
        visit.met.set(entry.met)
    for row in rows:
        row.visit = visit
    VisitChild.objects.bulk_create(rows)
    _append_facts(visit, rows, replaces, by=by)
    verb = "visit.correct" if replaces else "visit.record"
    record_many([_deed(verb, visit, row, reason) for row in rows], by=by)
    _promise(visit, rows, entry, by=by)
    follow_from(visit, rows, on=on, by=by)
    return visit


@transaction.atomic
def correct_visit(
    visit: Visit, entry: VisitEntry, *, reason: str, on: date, key: str, by: Actor
) -> Visit:
    """A new version in place of the old one, which is kept. Raises VisitFault."""
    sent = _already_sent(key, by)
    if sent is not None:
        return sent
    visit = _end(visit, "replaced", reason, by=by)
    fresh = write_visit(
        entry,
        visitor_id=visit.visitor_id,
        on=on,
        key=key,
        by=by,
        replaces=visit,
        reason=visit.reason,
    )
    FollowUp.objects.filter(visit=visit).update(visit=fresh)
    return fresh


@transaction.atomic
def retract_visit(visit: Visit, *, reason: str, on: date, by: Actor) -> Visit:
    """Take a visit back: it stays readable and counts nothing. Raises VisitFault."""
    visit = _end(visit, "retracted", reason, by=by)
    rows = list(visit.children.select_related("post"))
    _take_back(visit, rows, by=by)
    record_many([_deed("visit.retract", visit, row, visit.reason) for row in rows], by=by)
    FollowUp.objects.filter(visit=visit, status="open").update(
        status="dropped", note=_("家访记录已撤销"), changed_at=now()
    )
    follow_from(visit, rows, on=on, by=by)
    return visit


def _check_the_same(sent: Visit, entry: VisitEntry) -> None:
    """Whoever goes back, changes words and sends again must not lose them to a kind answer."""
    notes = {row.child_id: row.note for row in sent.children.all()}
    told = (entry.visited_on, entry.outcome, entry.setting, entry.asked, entry.follows, entry.notes)
    if told != (sent.visited_on, sent.outcome, sent.setting, sent.asked, sent.follows, notes):
        raise VisitFault(_("这张表刚才已经提交过一次。要改内容，请打开那条记录点“更正”。"))


def _already_sent(key: str, by: Actor) -> Visit | None:
    return next(iter(_sent_with(key, by.staff_id)), None) if by.staff_id else None


@prepared
def _sent_with(key: str, staff_id: int):
    return Visit.objects.filter(recorded_by=staff_id, key=key)


def _end(visit: Visit, status: str, reason: str, *, by: Actor) -> Visit:
    reason = reason.strip()
    if not reason:
        raise VisitFault(_("请写明原因，例如“日期记错”。"), "reason")
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    rules.check_visit_stands(visit)
    visit.status, visit.reason = status, reason
    visit.ended_at, visit.ended_by_id = now(), by.staff_id
    visit.save(update_fields=["status", "reason", "ended_at", "ended_by"])
    return visit


def _append_facts(
    visit: Visit, rows: list[VisitChild], replaces: Visit | None, *, by: Actor
) -> None:
    if replaces is None:
        append_many(facts.of_visit(visit, rows), by=by)
        return
    old_rows = list(replaces.children.select_related("post"))
    # A fact is superseded by one of its own kind; where the kind changes, the old is taken back.
    if replaces.is_held != visit.is_held:
        _take_back(replaces, old_rows, by=by)
        append_many(facts.of_visit(visit, rows), by=by)
        return
    standing = standing_facts_of(facts.VISIT_SOURCE, [row.pk for row in old_rows])
    old_of = {row.child_id: standing.get(row.pk) for row in old_rows}
    fresh = []
    for row in rows:
        old = old_of.pop(row.child_id, None)
        fresh.append(facts.of_child(visit, row, supersedes_id=old.seq if old else None))
    append_many(fresh, by=by)
    _take_back(replaces, [row for row in old_rows if row.child_id in old_of], by=by)


def _take_back(visit: Visit, rows: list[VisitChild], *, by: Actor) -> None:
    standing = standing_facts_of(facts.VISIT_SOURCE, [row.pk for row in rows])
    append_many(
        [
            facts.of_child(visit, row, supersedes_id=standing[row.pk].seq, quantity=0)
            for row in rows
            if row.pk in standing
        ],
        by=by,
    )


def _deed(verb: str, visit: Visit, row: VisitChild, why: str) -> Deed:
    return Deed(
        verb,
        ("child", row.child_id),
        place_id=row.class_place_id,
        why=why,
        detail={"visit": visit.pk, "outcome": visit.outcome, "capacity": row.capacity},
    )


def _promise(visit: Visit, rows: list[VisitChild], entry: VisitEntry, *, by: Actor) -> None:
    step = entry.next_step
    if step is None:
        return
    FollowUp.objects.create(
        visit=visit,
        child_id=rows[0].child_id,
        school_id=rows[0].school_id,
        owner_id=step.owner_id,
        due_on=step.due_on,
        what=step.what,
        changed_at=now(),
    )
