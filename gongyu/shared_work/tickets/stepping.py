"""One step of a ticket: the row is locked, the state table asked, the step and its trace written."""

from __future__ import annotations

import json
from datetime import datetime

from django.utils.timezone import localtime

from gongyu.ground.audit.actors import Actor
from gongyu.ground.audit.protected import record_protected
from gongyu.ground.ledger.actions import append_many, standing_fact_of

from . import facts, rules
from .models import Step, Ticket
from .states import ENDED


def locked(ticket: Ticket) -> Ticket:
    """The ticket as it is now; whoever else wants it waits. Must run inside a transaction."""
    return Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)


def move(ticket: Ticket, step: str, at: datetime) -> None:
    """Set the status that the step leads to. Raises TicketFault where there is no such step."""
    ticket.status = rules.check_step(ticket, step)
    ticket.changed_at = at
    if step in ("take", "reopen") or ticket.status in ENDED:
        # Time asked for is asked of those who answer for the desk, and for this answer.
        ticket.asked_days, ticket.asked_why = None, ""
    if ticket.status not in ENDED:
        ticket.ended_at = None
    elif ticket.ended_at is None:
        ticket.ended_at = at


def written(ticket: Ticket, step: str, *, at: datetime, by: Actor, **told) -> Step:
    """Keep the ticket and the step, and leave the protected row."""
    ticket.save()
    post = post_of(ticket, by)
    kept = Step.objects.create(
        ticket=ticket,
        kind=step,
        round=ticket.round,
        taken_at=at,
        desk=ticket.desk if by.staff_id is not None else None,
        post_id=post,
        by=json.dumps({"staff": by.staff_id, "name": by.name}, ensure_ascii=False)
        if by.staff_id is not None
        else "",
        **told,
    )
    record_protected(
        f"ticket.{step}",
        ticket.token,
        by=by,
        place_id=ticket.desk_id,
        detail={"round": ticket.round},
    )
    return kept


def post_of(ticket: Ticket, by: Actor) -> int | None:
    """The actor's post in which this is done: the one of the desk, or that which reaches it."""
    wanted = (ticket.desk_id, ticket.offered_to_id)
    ordered = sorted(by.posts, key=lambda post: post.scope_id not in wanted)
    return next((p.post_id for p in ordered if p.role in ("complaint_handler", *_OFFICERS)), None)


_OFFICERS = ("district_officer", "city_officer")


def prove_answer(ticket: Ticket, outcome: str, at: datetime, *, by: Actor) -> None:
    """That it was answered: what closes the duty."""
    append_many(facts.answered(ticket, localtime(at).date(), outcome), by=by)


def take_answer_back(ticket: Ticket, at: datetime, *, by: Actor) -> None:
    """The standing answer no longer closes the duty."""
    old = standing_fact_of(facts.TICKET_SOURCE, ticket.pk, "clue.answered")
    if old is not None and old.quantity:
        on = localtime(at).date()
        append_many(facts.taken_back(ticket, on, supersedes_id=old.seq, outcome=old.status), by=by)
