"""Who may open which page of the desk."""

from __future__ import annotations

from django.http import HttpRequest

from gongyu.ground.access.permissions import TICKET_OVERSEE, holds
from gongyu.ground.calendar.clock import today
from gongyu.ground.places.models import Place

from .. import queries, rules
from ..models import Ticket


def has_a_desk(request: HttpRequest) -> bool:
    """Whoever works on the tickets of some desk today."""
    return rules.desks_of(request.actor, today()).exists()


def oversees(request: HttpRequest) -> bool:
    return holds(request.actor, TICKET_OVERSEE) and has_a_desk(request)


def ticket_in_reach(request: HttpRequest, token: str) -> Ticket | None:
    return queries.ticket_for(request.actor, token, today())


def own_desk(request: HttpRequest) -> Place | None:
    """The desk whose limits the reader sets: that of the own post."""
    return queries.desk_of_officer(request.actor, today())
