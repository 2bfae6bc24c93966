"""What the desk does: accept, begin, note, answer, reject, send on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append_many

from .. import facts, rules
from ..models import Step, Ticket
from ..rules import TicketFault
from ..shapes import Answer, SentOn
from ..stepping import locked, move, post_of, prove_answer, written


@transaction.atomic
def accept(ticket: Ticket, *, words: str = "", at: datetime, by: Actor) -> Ticket:
    """It is ours: the clock to the answer begins. Raises TicketFault."""
    ticket = locked(ticket)
    move(ticket, "accept", at)
    on = localtime(at).date()
    _accepted(ticket, on)
    ticket.handler_id = post_of(ticket, by)
    written(ticket, "accept", at=at, by=by, words=words.strip())
    append_many(facts.accepted(ticket, on), by=by)
    return ticket


def _accepted(ticket: Ticket, on) -> None:
    ticket.accepted_on = ticket.clock_from = on
    ticket.clock_desk_id = ticket.desk_id


@transaction.atomic
def begin(ticket: Ticket, *, words: str = "", at: datetime, by: Actor) -> Ticket:
    """The post of whoever begins takes it on. Raises TicketFault."""
    ticket = locked(ticket)
    move(ticket, "begin", at)
    ticket.handler_id = post_of(ticket, by)
    written(ticket, "begin", at=at, by=by, words=words.strip())
    return ticket


@transaction.atomic
def note(ticket: Ticket, *, words: str, at: datetime, by: Actor) -> Step:
    """A note of the desk, which the asker does not see. Raises TicketFault."""
    ticket = locked(ticket)
    if not words.strip():
        raise TicketFault(_("请写一句。"), "words")
    ticket.changed_at = at
    return written(ticket, "note", at=at, by=by, words=words.strip())


@transaction.atomic
def answer(ticket: Ticket, told: Answer, *, at: datetime, by: Actor) -> Ticket:
    """Tell the asker what was found and what was paid back. Raises TicketFault."""
    ticket = locked(ticket)
    if ticket.is_trial:
        raise TicketFault(_("这是拨测，请在拨测那一栏记下渠道通不通。"))
    move(ticket, "answer", at)
    rules.check_answer(ticket, told)
    ticket.finding = told.finding
    if told.paid_back is not None:
        ticket.paid_back = told.paid_back
    ticket.handler_id = post_of(ticket, by)
    written(ticket, "answer", at=at, by=by, words=told.words.strip())
    prove_answer(ticket, told.finding, at, by=by)
    return ticket


@transaction.atomic
def reject(ticket: Ticket, reason: str, *, words: str, at: datetime, by: Actor) -> Ticket:
    """Not taken on, for a lawful reason, with what to do instead. Raises TicketFault."""
    ticket = locked(ticket)
    move(ticket, "reject", at)
    rules.check_rejection(reason, words)
    written(ticket, "reject", at=at, by=by, words=words.strip(), reason=reason)
    prove_answer(ticket, "rejected", at, by=by)
    return ticket


@transaction.atomic
def send_on(ticket: Ticket, sent: SentOn, *, at: datetime, by: Actor) -> Ticket:
    """It belongs to a body outside; the asker is told to which and why. Raises TicketFault."""
    ticket = locked(ticket)
    move(ticket, "send_on", at)
    rules.check_sent_on(sent)
    written(
        ticket,
        "send_on",
        at=at,
        by=by,
        words=sent.words.strip(),
        body=sent.body.strip(),
        body_number=sent.number.strip(),
    )
    prove_answer(ticket, "sent_on", at, by=by)
    return ticket
