"""Deliveries whose moment has come become messages, merged by family; or wait, or need a person."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from ..clock import after_quiet, end_of, is_quiet, next_digest, next_week, week_of
from ..models import Carried, Delivery, Outgoing
from ..parameters import HAND_OVER, weekly_budget
from ..rules_path import is_full, patience
from .passing_on import pass_on
from .world import World, world_of

CARERS_A_TURN = 500
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(slots=True)
class Plan:
    """What one turn will write. A lane is one message: (carer, path, what kind of merging)."""

    at: datetime
    lanes: dict[tuple, list[Delivery]] = field(default_factory=lambda: defaultdict(list))
    moves: dict[tuple, list[int]] = field(default_factory=lambda: defaultdict(list))
    passed_on: list[Delivery] = field(default_factory=list)
    rung: dict[int, int] = field(default_factory=dict)

    def move(self, row: Delivery, status: str, next_at: datetime | None = None) -> None:
        self.moves[status, next_at].append(row.pk)

    def ring(self, row: Delivery, step: tuple[int, str]) -> None:
        lane = _lane(row, step)
        if lane not in self.lanes:
            self.rung[row.family_id] = self.rung.get(row.family_id, 0) + 1
        self.lanes[lane].append(row)


def _lane(row: Delivery, step: tuple[int, str]) -> tuple:
    """A call speaks of one notice, so that its keys are clear; danger is told alone; whatever else
    is due for a carer goes in one message."""
    notice = row.notice
    alone = row.pk if step[1] == "voice" else notice.pk if notice.kind == "safety" else 0
    return (*step, alone)


def plan_due(at: datetime) -> int:
    """Plan until nothing is due; returns how many deliveries were looked at. Two jobs at once never
    plan one delivery twice: rows are claimed in the transaction that moves them on."""
    done = 0
    while _due(at).exists() and (count := _plan_a_turn(at)):
        done += count
    return done


def _due(at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(status__in=["due", "waiting"], next_at__lte=at)


@transaction.atomic
def _plan_a_turn(at: datetime) -> int:
    due = _due(at)
    # All of a carer's together, so that they make one message.
    carers = due.order_by("carer_id").values_list("carer_id", flat=True).distinct()
    rows = list(
        due.filter(carer__in=list(carers[:CARERS_A_TURN]))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("notice")
        .order_by("carer_id", "pk")
    )
    if not rows:
        return 0
    world = world_of(rows, at)
    plan = Plan(at, rung=world.rung)
    for row in rows:
        _decide(row, world, plan)
    _write(plan)
    pass_on(plan.passed_on, world)
    return len(rows)


def _decide(row: Delivery, world: World, plan: Plan) -> None:
    notice, at = row.notice, world.at
    if notice.status in {"withdrawn", "corrected"}:
        plan.move(row, "stopped")
    elif notice.until_on <= localdate(at):
        plan.move(row, "to_hand" if notice.must_reach else "in_box")
    elif not world.may_be_called(row):
        plan.passed_on.append(row)
    elif notice.kind != "safety" and is_quiet(at):
        plan.move(row, row.status, after_quiet(at))
    elif notice.must_reach:
        _next_step(row, world, plan)
    else:
        _ring_or_wait(row, world, plan)


def _next_step(row: Delivery, world: World, plan: Plan) -> None:
    steps, notice, at = world.steps_left(row), row.notice, world.at
    spent = notice.kind != "safety" and _is_spent(row, plan)
    # Whoever was rung in vain and has a full week is not rung again: a person goes there instead.
    if not steps or (spent and world.tried.get(row.pk)):
        plan.move(row, "to_hand")
        return
    if spent and row.status == "due":
        # With the digest, which rings anyway; or else when the next week has room again.
        for status, then in (("waiting", next_digest(at)), ("due", next_week(at))):
            if then + 2 * HAND_OVER < end_of(notice.until_on):
                plan.move(row, status, then)
                return
    plan.ring(row, steps[0])
    wait = patience(notice.kind, "message", at, notice.until_on, steps=len(steps))
    then = at + wait
    plan.move(row, "due", then if notice.kind == "safety" else after_quiet(then))


def _is_spent(row: Delivery, plan: Plan) -> bool:
    """Was the family rung as often this week as it may be, with one place left for a digest that is
    still to come?"""
    to_come = week_of(next_digest(plan.at)) == week_of(plan.at)
    return plan.rung.get(row.family_id, 0) >= weekly_budget().value - to_come


def _has_no_room(row: Delivery, plan: Plan) -> bool:
    """Has the family's week no room for this, which could wait? The digest has a place of its own in
    the budget; but danger and the law may have taken it, and then the digest does not go beyond."""
    rung, budget = plan.rung.get(row.family_id, 0), weekly_budget().value
    return rung >= budget if row.status == "waiting" else is_full(rung, budget)


def _ring_or_wait(row: Delivery, world: World, plan: Plan) -> None:
    steps, notice, at = world.steps_left(row), row.notice, world.at
    if not steps:
        plan.move(row, "in_box")
        return
    # Whatever joins a message rings no more.
    joins = _lane(row, steps[0]) in plan.lanes
    if not joins and _has_no_room(row, plan):
        # A digest that has no room waits for the next, never for the one that goes right now.
        digest_at = next_digest(at + _AN_INSTANT if row.status == "waiting" else at)
        if digest_at < end_of(notice.until_on):
            plan.move(row, "waiting", digest_at)
        else:
            plan.move(row, "in_box")
        return
    plan.ring(row, steps[0])
    plan.move(row, "told")


def _write(plan: Plan) -> None:
    messages, carried = [], []
    for (carer_id, path, _alone), rows in plan.lanes.items():
        message = Outgoing(
            key=secrets.token_hex(16),
            carer_id=carer_id,
            family_id=rows[0].family_id,
            path=path,
            kind=max((row.notice.kind for row in rows), key=_URGENCY.index),
            is_digest=any(row.status == "waiting" for row in rows),
            next_at=plan.at,
            week_on=week_of(plan.at),
            made_at=plan.at,
        )
        messages.append(message)
        carried += [(message, row.pk) for row in rows]
    Outgoing.objects.bulk_create(messages)
    Carried.objects.bulk_create(Carried(message=message, delivery_id=pk) for message, pk in carried)
    for (status, next_at), ids in plan.moves.items():
        Delivery.objects.filter(pk__in=ids).update(status=status, next_at=next_at)


_URGENCY = ("to_know", "to_answer", "safety")
