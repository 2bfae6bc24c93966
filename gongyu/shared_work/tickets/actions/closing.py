"""What closes by itself: answers that the asker left as they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime

from gongyu.ground.audit.actors import Actor

from ..models import Ticket
from ..parameters import limit_of
from ..stepping import locked, move, written


@transaction.atomic
def close_due(*, at: datetime, by: Actor) -> int:
    """Close every answered ticket whose days to reopen have passed; returns how many. Doing it
    again does nothing."""
    last = localtime(at).date() - timedelta(days=limit_of("reopen").days)
    due = Ticket.objects.filter(status="answered", ended_at__date__lt=last).order_by("pk")
    closed = 0
    for row in due:
        ticket = locked(row)
        # The asker may have been a moment faster.
        if ticket.status == "answered":
            move(ticket, "clock", at)
            written(ticket, "clock", at=at, by=by)
            closed += 1
    return closed
