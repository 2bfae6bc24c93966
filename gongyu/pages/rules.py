"""Who may open which page. Each rule takes the request and answers with what it found, or None."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from gongyu.ground.access.permissions import (
    ACTIVITY_READ,
    AUDIT_READ,
    BURDEN_READ,
    CHILD_READ,
    DAYS_OFF_KEEP,
    FIGURE_READ,
    SEARCH,
    holds,
    may,
)
from gongyu.ground.access.permissions import approvals_in_force as _approvals
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import today
from gongyu.ground.people.models import Child
from gongyu.ground.people.rules import children_visible_to
from gongyu.ground.places.models import Place
from gongyu.ground.places.queries import city
from gongyu.ground.prepared import prepared

from .queries.burden import own_burden_place


def place_of_kind(kind: str):
    """The rule of a page about a place of this kind, for those who read figures there."""

    def may_read_the_place(request: HttpRequest, pk: int) -> Place | None:
        return _figure_place(request.actor, pk, kind)

    return may_read_the_place


def the_city(request: HttpRequest) -> Place | None:
    """The city's own page, for those whose scope is the city."""
    if not holds(request.actor, FIGURE_READ):
        return None
    place = city()
    return place if may(request.actor, FIGURE_READ, place.pk, today()) else None


def place_with_figures(request: HttpRequest, place_id: int, **kwargs) -> Place | None:
    """The place of a figure, whatever its kind."""
    return _figure_place(request.actor, place_id, None)


def _figure_place(actor: Actor | None, place_id: int, kind: str | None) -> Place | None:
    on = today()
    if not may(actor, FIGURE_READ, place_id, on):
        return None
    found = next(iter(_place(place_id, on)), None)
    return found if found is not None and (kind is None or found.kind == kind) else None


@prepared
def _place(place_id: int, on: date):
    return Place.objects.on(on).filter(pk=place_id).select_related("school")


def class_with_names(request: HttpRequest, pk: int) -> Place | None:
    """A class whose children the reader may read."""
    on = today()
    if not may(request.actor, CHILD_READ, pk, on):
        return None
    return next(iter(_class_place(pk, on)), None)


@prepared
def _class_place(pk: int, on: date):
    found = Place.objects.on(on).filter(pk=pk, kind=Place.Kind.CLASS)
    return found.select_related("school_class__school")


def child_in_reach(request: HttpRequest, pk: int) -> Child | None:
    """A child whom the reader may read today; everybody else's page does not exist."""
    actor = request.actor
    return next(iter(_child(pk, actor, today())), None) if actor is not None else None


@prepared
def _child(pk: int, actor: Actor, on: date):
    return children_visible_to(actor, on).filter(pk=pk)


def has_a_calendar(request: HttpRequest) -> bool:
    """Members of staff who see activities of a school."""
    return request.actor.staff_id is not None and holds(request.actor, ACTIVITY_READ)


def school_with_a_term_plan(request: HttpRequest, pk: int) -> Place | None:
    """For the leaders of the school."""
    on = today()
    if not may(request.actor, ACTIVITY_READ, pk, on):
        return None
    return Place.objects.on(on).filter(pk=pk, kind=Place.Kind.SCHOOL).first()


def may_search(request: HttpRequest) -> bool:
    return holds(request.actor, SEARCH)


def may_audit(request: HttpRequest) -> bool:
    """An auditor with an approval in force."""
    actor, on = request.actor, today()
    if not holds(actor, AUDIT_READ):
        return False
    return any(may(actor, AUDIT_READ, post.scope_id, on) for post in actor.posts)


def has_approval(actor: Actor, on) -> bool:
    """Whether some standing approval of the person runs on the day."""
    return _approvals(actor.staff_id, on).exists()


def days_off_place(request: HttpRequest, **kwargs) -> Place | None:
    """The city or district whose days off the reader keeps."""
    on, actor = today(), request.actor
    for role in ("city_officer", "district_officer"):
        post = actor.post_with(role) if actor else None
        if post is not None and may(actor, DAYS_OFF_KEEP, post.scope_id, on):
            return Place.objects.on(on).filter(pk=post.scope_id).first()
    return None


def own_burden(request: HttpRequest) -> Place | None:
    """The place whose notices' burden the reader answers for."""
    return own_burden_place(request.actor, today())


def burden_place(request: HttpRequest, pk: int) -> Place | None:
    """A school, district or city whose notices' burden the reader may see."""
    if not may(request.actor, BURDEN_READ, pk, today()):
        return None
    kinds = [Place.Kind.CITY, Place.Kind.DISTRICT, Place.Kind.SCHOOL]
    return Place.objects.on(today()).filter(pk=pk, kind__in=kinds).first()
