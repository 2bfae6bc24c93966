"""More time for an answer: the handler asks, whoever is responsible grants it or does not."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor

from .. import queries, rules
from ..models import Extension, Step, Ticket
from ..parameters import extension_rule
from ..rules import TicketFault
from ..stepping import locked, post_of, written

_RUNNING = ("accepted", "handling", "passing", "reopened")


@transaction.atomic
def ask_more(ticket: Ticket, days: int, *, reason: str, at: datetime, by: Actor) -> Step:
    """The desk asks for more time; until it is granted the clock runs as before, and the asker reads
    nothing of it. Raises TicketFault."""
    ticket = locked(ticket)
    if ticket.asked_days is not None:
        raise TicketFault(_("已经请求延长，正等负责人答复。"))
    _check(ticket, days, reason, localtime(at).date())
    ticket.asked_days, ticket.asked_why, ticket.changed_at = days, reason.strip(), at
    words = _("%(days)d日。%(reason)s") % {"days": days, "reason": reason.strip()}
    return written(ticket, "ask_more", at=at, by=by, words=words)


@transaction.atomic
def refuse_more(ticket: Ticket, *, words: str, at: datetime, by: Actor) -> Step:
    """Whoever is responsible does not grant what was asked, and says why. Raises TicketFault."""
    ticket = locked(ticket)
    if ticket.asked_days is None:
        raise TicketFault(_("没有待答复的延长请求，页面可能旧了，请刷新后再看。"))
    if not words.strip():
        raise TicketFault(_("请写明为什么不延长，办理人看得到。"), "words")
    ticket.asked_days, ticket.asked_why, ticket.changed_at = None, "", at
    return written(ticket, "refuse_more", at=at, by=by, words=words.strip())


@transaction.atomic
def extend(ticket: Ticket, days: int, *, reason: str, at: datetime, by: Actor) -> Extension:
    """More time for the answer, by whoever is responsible and for a reason that the asker reads.
    Raises TicketFault."""
    ticket = locked(ticket)
    on = localtime(at).date()
    _check(ticket, days, reason, on)
    post = post_of(ticket, by)
    if post is None:
        raise TicketFault(_("延长要由负责人批准。"))
    made = Extension.objects.create(
        ticket=ticket,
        round=ticket.round,
        days=days,
        reason=reason.strip(),
        granted_on=on,
        granted_by_id=post,
    )
    ticket.asked_days, ticket.asked_why, ticket.changed_at = None, "", at
    words = _("延长%(days)d日。%(reason)s") % {"days": days, "reason": reason.strip()}
    written(ticket, "extend", at=at, by=by, words=words)
    return made


def _check(ticket: Ticket, days: int, reason: str, on: date) -> None:
    if ticket.status not in _RUNNING:
        raise TicketFault(_("还没有受理或者已经答复，不能延长。"))
    running = queries.clock_of(ticket)
    rules.check_extension(
        days,
        reason,
        already=queries.extended_days(ticket),
        most=extension_rule().most_days,
        late=running is not None and running.due_on < on,
    )
