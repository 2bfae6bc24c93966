"""The plan's pages. The plan is a published document: anybody may read it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import today

from ..queries import plan as queries


@require_safe
@access(everyone)
def plan(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/plan/plan.html", {"page": queries.plan_page()})


@require_safe
@access(everyone)
def measure(request: HttpRequest, number: int) -> HttpResponse:
    page = queries.plan_page(number)
    if page is None:
        raise Http404
    return render(request, "pages/plan/measure.html", {"page": page})


@require_safe
@access(everyone)
def duty(request: HttpRequest, duty_id: str) -> HttpResponse:
    page = queries.duty_page(duty_id, request.actor, today())
    if page is None:
        raise Http404
    return render(request, "pages/plan/duty.html", {"page": page})
