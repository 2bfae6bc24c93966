"""Keeps the figures current: the worker asks often, and work is done only when there is any."""

from __future__ import annotations

import logging
from datetime import date

from django.db.models import Max

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.clock import today
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import settled_fact_seq

from .actions import RefreshRunning, refresh
from .duties import current_plan
from .models import Refresh
from .publishing import current_refresh

log = logging.getLogger(__name__)


def refresh_if_behind(on: date | None = None) -> Refresh | None:
    """Refresh when the ledger, the day or the plan has moved on since the figures were made.

    Returns the new refresh; None when nothing had moved or another refresh is under way.
    """
    day = on or today()
    if not is_behind(day):
        return None
    try:
        return refresh(day, by=SYSTEM)
    except RefreshRunning:
        log.info("A refresh is under way already.")
        return None


def is_behind(day: date) -> bool:
    """Whether the figures of the day would differ from those that are shown."""
    newest = current_refresh()
    if newest is None:
        return True
    settled = Fact.objects.filter(seq__lte=settled_fact_seq())
    last_seq = settled.aggregate(last=Max("seq"))["last"] or 0
    return (
        newest.as_of < day
        or newest.ledger_seq != last_seq
        or newest.plan_version != current_plan().version
    )
