"""The pages of a class, a child, a school, a town, a district and the city."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.places.models import Place

from .. import actions, rules
from ..queries import boards, term_plan

Kind = Place.Kind


def _board(request: HttpRequest) -> HttpResponse:
    duty = request.GET.get("duty", "")
    board = boards.board(request.granted, request.actor, today(), duty)
    return render(request, "pages/place.html", {"board": board})


@require_safe
@access(rules.the_city)
def city(request: HttpRequest) -> HttpResponse:
    return _board(request)


@require_safe
@access(rules.place_of_kind(Kind.DISTRICT))
def district(request: HttpRequest, pk: int) -> HttpResponse:
    return _board(request)


@require_safe
@access(rules.place_of_kind(Kind.TOWN))
def town(request: HttpRequest, pk: int) -> HttpResponse:
    return _board(request)


@require_safe
@access(rules.place_of_kind(Kind.SCHOOL))
def school(request: HttpRequest, pk: int) -> HttpResponse:
    return _board(request)


@require_safe
@access(rules.school_with_a_term_plan)
def term(request: HttpRequest, pk: int) -> HttpResponse:
    page = term_plan.term_page(request.granted, request.actor, today(), now())
    if page is None:
        raise Http404
    return render(request, "pages/term.html", {"page": page})


@require_safe
@access(rules.class_with_names)
def school_class(request: HttpRequest, pk: int) -> HttpResponse:
    order = request.GET.get("order", "")
    page = actions.read_class(request.granted, by=request.actor, on=today(), order=order)
    return render(request, "pages/class.html", {"page": page})


@require_safe
@access(rules.child_in_reach)
def child(request: HttpRequest, pk: int) -> HttpResponse:
    folder = actions.read_child(request.granted, by=request.actor, on=today())
    return render(request, "pages/child.html", {"folder": folder})
