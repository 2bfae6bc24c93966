"""The family's own pages: its week, its children's data, who looked at it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongyu.ground.calendar.clock import now, today
from gongyu.ground.families.doors import access, any_carer

from ..queries.family.week import week_of


@require_safe
@access(any_carer)
def week(request: HttpRequest) -> HttpResponse:
    """Today and this week for all children together."""
    page = week_of(request.family, today(), now())
    return render(request, "pages/family/week.html", {"week": page, "family": request.family})
