"""Who enters which page: each rule finds the thing, or answers None and the page is a 404."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from gongyu.ground.access.permissions import NOTICE_HAND, holds
from gongyu.ground.calendar.clock import today

from . import queries_lists
from .models import Delivery, Notice, Outgoing
from .queries_lists import Desk, Progress
from .rules import may_see_at_all


def sees_any(request: HttpRequest) -> bool:
    return may_see_at_all(request.actor)


def writes_here(request: HttpRequest, pk: int) -> Desk | None:
    return queries_lists.desk_for(request.actor, pk, today())


def reads(request: HttpRequest, pk: int, number: int = 0) -> Progress | None:
    return queries_lists.progress(request.actor, pk, request.GET.get("page", "1"), today())


def steers(request: HttpRequest, pk: int) -> Notice | None:
    """The sender's own place alone reminds, corrects and withdraws."""
    return queries_lists.notice_to_steer(request.actor, pk, today())


def has_answers(request: HttpRequest, pk: int) -> Notice | None:
    return queries_lists.notice_with_answers(request.actor, pk, today())


def settles(request: HttpRequest, pk: int) -> Outgoing | None:
    return queries_lists.dead_for(request.actor, pk, today())


def hands_over(request: HttpRequest) -> bool:
    return holds(request.actor, NOTICE_HAND)


def hands_this(request: HttpRequest, pk: int) -> Delivery | None:
    return queries_lists.slip_for(request.actor, pk, today())


def in_the_demo(request: HttpRequest) -> bool:
    """What would have been sent is shown to whoever works in the demo city, and nowhere else."""
    return settings.DEMO and request.actor is not None
