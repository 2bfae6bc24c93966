"""Who enters the pages of keeping: each rule answers with what it found, or with nothing (404)."""

from __future__ import annotations

from django.http import HttpRequest

from gongyu.ground.calendar.clock import today
from gongyu.ground.places.models import Place

from . import queries_keeping as queries
from .models import Bar, Care, Child, Enrolment, Leave


def child_kept(request: HttpRequest, pk: int) -> Child | None:
    """A child enrolled today where the actor keeps enrolments."""
    return queries.kept_child(request.actor, pk, today())


def enrolment_kept(request: HttpRequest, pk: int, enrolment: int) -> Enrolment | None:
    """An enrolment of such a child at the actor's own school."""
    return queries.kept_enrolment(request.actor, pk, enrolment, today())


def leave_kept(request: HttpRequest, pk: int, leave: int) -> Leave | None:
    """A leave of such a child."""
    return queries.kept_leave(request.actor, pk, leave, today())


def care_kept(request: HttpRequest, pk: int, care: int) -> Care | None:
    """A carer's place beside such a child."""
    return queries.kept_care(request.actor, pk, care, today())


def bar_kept(request: HttpRequest, pk: int, bar: int) -> Bar | None:
    """A bar of such a child."""
    return queries.kept_bar(request.actor, pk, bar, today())


def school_kept(request: HttpRequest, school_id: int) -> Place | None:
    """A school into which the actor receives children."""
    return queries.kept_school(request.actor, school_id, today())


def leaver_kept(request: HttpRequest, school_id: int, enrolment: int) -> Enrolment | None:
    """An ended enrolment of such a school."""
    return queries.leaver(request.actor, school_id, enrolment, today())
