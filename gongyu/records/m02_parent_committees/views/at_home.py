"""The committee on the family's own pages: as behind a link, without one. Who opens it leaves no row:
beside the rows of ballots it would say who cast which."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongyu.ground.calendar.clock import today
from gongyu.ground.families.doors import access
from gongyu.ground.families.shapes import FamilyChild

from ..queries.families_pages import family_picture
from ..queries.links import AtHome
from ..rules import LinkClosed
from . import handling
from .family import again, turn


def _any_spoken_for(request: HttpRequest) -> tuple[FamilyChild, ...] | None:
    """The children in a class whose guardian or daily carer is here."""
    return request.family.spoken_for or None


def _speaks(request: HttpRequest, pk: int, picture=None) -> AtHome | None:
    """For a child in a class whose guardian or daily carer is here."""
    child = next((c for c in request.family.spoken_for if c.child_id == pk), None)
    return AtHome(request.family.carer_id, pk, child.class_id) if child else None


@require_safe
@access(_any_spoken_for)
def of_children(request: HttpRequest) -> HttpResponse:
    """Of which child's class? With one there is nothing to choose."""
    children = request.granted
    if len(children) == 1:
        return redirect("committees:at-home", children[0].child_id)
    return render(request, "committees/of_children.html", {"children": children})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(_speaks)
def at_home(request: HttpRequest, pk: int) -> HttpResponse:
    """Members, results, matters and accounts; what waits for the family is answered here."""
    try:
        context = turn(request, request.granted)
    except LinkClosed:
        raise Http404 from None
    if context is None:
        return again(request)
    context["child"] = request.family.child(pk)
    return render(request, "committees/at_home.html", context)


@never_cache
@require_safe
@access(_speaks)
def picture(request: HttpRequest, pk: int, picture) -> HttpResponse:
    """A receipt or a paper of one of the committees that the family elects."""
    return handling.picture(family_picture(request.granted, picture, today()))
