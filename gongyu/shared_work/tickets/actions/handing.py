"""From one desk to another: offered, and only when taken does the owner change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append_many, standing_fact_of
from gongyu.ground.places.models import Place

from .. import facts, rules
from ..models import Ticket
from ..rules import TicketFault
from ..stepping import locked, move, post_of, written


@transaction.atomic
def hand_over(ticket: Ticket, to: Place | None, *, words: str, at: datetime, by: Actor) -> Ticket:
    """Offer it to another desk; until that desk takes it, it stays ours and our clock runs on.
    Raises TicketFault."""
    ticket = locked(ticket)
    on = localtime(at).date()
    move(ticket, "hand_over", at)
    desk = rules.check_hand_over(ticket, to, words, on)
    ticket.offered_to, ticket.offered_on = desk, on
    written(ticket, "hand_over", at=at, by=by, words=words.strip(), other_desk=desk)
    return ticket


@transaction.atomic
def take(ticket: Ticket, *, at: datetime, by: Actor) -> Ticket:
    """The other desk takes it: from now on it is theirs. What was not accepted yet is accepted with
    this; a clock to the answer that runs already runs on. Raises TicketFault."""
    ticket = locked(ticket)
    on = localtime(at).date()
    before, was = ticket.desk, ticket.status
    if ticket.offered_to_id is None:
        raise TicketFault(_("这一件没有移交给您，页面可能旧了，请刷新后再看。"))
    move(ticket, "take", at)
    ticket.desk, ticket.offered_to, ticket.offered_on = ticket.offered_to, None, None
    if was == "offered":
        ticket.accepted_on = ticket.clock_from = on
        ticket.clock_desk = ticket.desk
    ticket.handler_id = post_of(ticket, by)
    written(ticket, "take", at=at, by=by, other_desk=before)
    _move_fact(ticket, by=by)
    if was == "offered":
        append_many(facts.accepted(ticket, on), by=by)
    return ticket


def _move_fact(ticket: Ticket, *, by: Actor) -> None:
    """The clue is counted where it is owned, on the day on which it came."""
    old = standing_fact_of(facts.TICKET_SOURCE, ticket.pk, "clue.received")
    if old is not None:
        append_many(
            facts.received(ticket, old.on_date, desk_id=ticket.desk_id, supersedes_id=old.seq),
            by=by,
        )


@transaction.atomic
def give_back(ticket: Ticket, *, words: str, at: datetime, by: Actor) -> Ticket:
    """The other desk does not take it, and says why. Raises TicketFault."""
    ticket = locked(ticket)
    if ticket.offered_to_id is None:
        raise TicketFault(_("这一件没有移交给您，页面可能旧了，请刷新后再看。"))
    if not words.strip():
        raise TicketFault(_("请写明为什么不接收。"), "words")
    other = ticket.offered_to
    move(ticket, "give_back", at)
    ticket.offered_to = ticket.offered_on = None
    written(ticket, "give_back", at=at, by=by, words=words.strip(), other_desk=other)
    return ticket


@transaction.atomic
def keep(ticket: Ticket, *, at: datetime, by: Actor) -> Ticket:
    """Call the offer back before it is taken. Raises TicketFault."""
    ticket = locked(ticket)
    other = ticket.offered_to
    move(ticket, "keep", at)
    ticket.offered_to = ticket.offered_on = None
    written(ticket, "keep", at=at, by=by, other_desk=other)
    return ticket
