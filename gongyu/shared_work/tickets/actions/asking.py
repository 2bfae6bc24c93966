"""What the asker does, without signing in: tell, follow, say whether content, reopen."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.audit.protected import record_protected
from gongyu.ground.ledger.actions import append_many
from gongyu.ground.places.models import Place

from .. import facts, queries, receipts, routing, rules
from ..models import Ticket
from ..parameters import limit_of
from ..queries.following import Followed
from ..rules import TicketFault
from ..shapes import Receipt, Told
from ..stepping import locked, move, take_answer_back, written

# Nobody asks who it is, not even of somebody who is signed in.
ASKER = Actor(user_id=None, name="投诉人")
_TRIES = 5


def tell(told: Told, *, at: datetime, key: str, by: Actor = ASKER) -> Receipt:
    """Keep what was told and lead it to its desk. The same `key` sent twice is the same ticket and
    gives the same receipt. Raises TicketFault."""
    on = localtime(at).date()
    about = Place.objects.filter(pk=told.about_id).first()
    rules.check_told(told, about, on)
    sent = rules.sent_digest(key)
    for _attempt in range(_TRIES):
        known = Ticket.objects.filter(sent_digest=sent).first()
        if known is not None:
            return _receipt_of(known)
        try:
            return _receipt_of(keep_told(told, sent=sent, at=at, by=by))
        except IntegrityError:
            # The other tap was a moment faster, or the drawn number is taken.
            continue
    raise TicketFault(_("现在没能收下，请过一会儿再按一次，写的都还在。"))


@transaction.atomic
def keep_told(told: Told, *, sent: str, at: datetime, by: Actor, is_trial: bool = False) -> Ticket:
    """The ticket at its desk, with the fact that it came."""
    on = localtime(at).date()
    desk = routing.desk_for(told.kind, told.about_id, on)
    token, salt, number = secrets.token_hex(16), secrets.token_hex(16), receipts.new_number(on)
    ticket = Ticket(
        token=token,
        number=number,
        code_salt=salt,
        code_digest=receipts.digest_of(number, receipts.code_for(token, salt)),
        sent_digest=sent,
        kind=told.kind,
        is_trial=is_trial,
        about_id=told.about_id,
        desk=desk,
        is_named=bool(told.contact.strip()),
        contact=told.contact.strip(),
        words=told.words.strip(),
        amount=told.amount,
        received_at=at,
        clock_from=on,
        clock_desk=desk,
        changed_at=at,
    )
    written(ticket, "tell", at=at, by=by)
    append_many(facts.received(ticket, on), by=by)
    return ticket


def _receipt_of(ticket: Ticket) -> Receipt:
    return receipts.receipt_for(ticket.number, ticket.token, ticket.code_salt)


@transaction.atomic
def follow(number: str, code: str, *, at: datetime, by: Actor = ASKER) -> Followed | None:
    """What the asker reads with number and code; None for a wrong number and a wrong code alike."""
    ticket = queries.ticket_by_receipt(number, code)
    if ticket is None:
        return None
    record_protected("ticket.follow", ticket.token, by=by, place_id=ticket.desk_id)
    return queries.followed(ticket, localtime(at).date())


@transaction.atomic
def say_content(
    ticket: Ticket, content: bool, *, words: str, at: datetime, by: Actor = ASKER
) -> Ticket:
    """The asker says whether the answer is good; it is closed either way. Raises TicketFault."""
    ticket = locked(ticket)
    step = "content" if content else "not_content"
    move(ticket, step, at)
    ticket.is_content = content
    written(ticket, step, at=at, by=by, words=words.strip())
    return ticket


@transaction.atomic
def reopen(ticket: Ticket, *, words: str, at: datetime, by: Actor = ASKER) -> Ticket:
    """The asker wants it looked at again: a new round with a clock of its own, within the days that
    follow the answer. Raises TicketFault."""
    ticket = locked(ticket)
    ended = ticket.ended_at
    move(ticket, "reopen", at)
    if not words.strip():
        raise TicketFault(_("请写一句：哪里还没有解决。"), "words")
    on = localtime(at).date()
    rules.check_can_reopen(ticket, queries.answered_on(ticket, ended), limit_of("reopen"), on)
    take_answer_back(ticket, at, by=by)
    ticket.round += 1
    ticket.finding, ticket.is_content, ticket.handler = "", None, None
    ticket.accepted_on = ticket.clock_from = on
    ticket.clock_desk_id = ticket.desk_id
    written(ticket, "reopen", at=at, by=by, words=words.strip())
    return ticket
