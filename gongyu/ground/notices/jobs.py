"""The worker's part: notices are spread, what is due becomes messages, messages go out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django_tasks import task

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.clock import now

from . import actions
from .models import Notice
from .work.carrying import carry
from .work.planning import plan_due


@task()
def spread_job(notice_id: int) -> None:
    """Spreads a notice over many schools; a job that comes twice makes what still lacks."""
    notice = Notice.objects.get(pk=notice_id)
    actions.spread(notice, at=notice.sent_at, by=SYSTEM)


def run(clock: Callable[[], datetime] = now) -> int:
    """Everything that is due at this moment; returns how many messages were handled. The worker asks
    every two seconds, and two workers at once do nothing twice."""
    take_up_spreading(clock())
    plan_due(clock())
    return carry(clock)


def take_up_spreading(at: datetime) -> None:
    """A notice whose spreading was promised and whose job was lost is spread here."""
    lost = Notice.objects.filter(status="spreading", sent_at__lt=at - timedelta(minutes=5))
    for notice in lost[:20]:
        actions.spread(notice, at=notice.sent_at, by=SYSTEM)


def tidy(at: datetime) -> None:
    """Once a day: what is over is closed, what may not be kept is forgotten."""
    actions.close_what_is_over(localdate(at), by=SYSTEM)
    actions.forget_words(localdate(at), by=SYSTEM)
