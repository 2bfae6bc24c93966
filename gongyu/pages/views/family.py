"""The family's own pages: its week, its children's data, who looked at it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gongyu.ground.calendar.clock import now, today
from gongyu.ground.families.doors import access, any_carer, any_guardian, ward

from .. import actions_family as actions
from ..queries.family.week import week_of


@require_safe
@access(any_carer)
def week(request: HttpRequest) -> HttpResponse:
    """Today and this week for all children together."""
    page = week_of(request.family, today(), now())
    return render(request, "pages/family/week.html", {"week": page, "family": request.family})


@require_safe
@access(any_guardian)
def records(request: HttpRequest) -> HttpResponse:
    """The children whose data the guardian may see."""
    return _of_one(request, "family:record", "pages/family/records.html")


@require_safe
@access(ward)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """What is kept about a child."""
    family = request.family
    page = actions.read_record(request.granted, family, on=today(), by=family.actor)
    return render(request, "pages/family/record.html", {"page": page})


@require_safe
@access(any_guardian)
def looked(request: HttpRequest) -> HttpResponse:
    """Of which child?"""
    return _of_one(request, "family:looked-at", "pages/family/looked.html")


@require_safe
@access(ward)
def looked_at(request: HttpRequest, pk: int) -> HttpResponse:
    """Who looked at a child's data, when and why."""
    page = actions.read_looks(request.granted, on=today(), by=request.family.actor)
    return render(request, "pages/family/looked_at.html", {"page": page})


def _of_one(request: HttpRequest, name: str, template: str) -> HttpResponse:
    # With one child there is nothing to choose.
    guarded = request.family.guarded
    if len(guarded) == 1:
        return redirect(name, guarded[0].child_id)
    return render(request, template, {"children": guarded})
