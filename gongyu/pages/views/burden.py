"""What notices cost families and teachers, by department and month; as a page, a sheet, on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.ground.notices.parameters import (
    CHARACTERS_A_MINUTE,
    SECONDS_TO_ANSWER,
    SECONDS_TO_HAND_OVER,
    SECONDS_TO_OPEN,
)

from .. import rules
from ..actions import export_burden
from ..queries.burden import burden_page

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@access(rules.own_burden)
def own_burden(request: HttpRequest) -> HttpResponse:
    """Straight to the reader's own place."""
    return redirect("pages:burden", request.granted.pk)


@require_safe
@access(rules.burden_place)
def burden(request: HttpRequest, pk: int) -> HttpResponse:
    page = burden_page(request.granted, request.GET.get("year", ""), today())
    how = {
        "characters": CHARACTERS_A_MINUTE,
        "open": SECONDS_TO_OPEN,
        "answer": SECONDS_TO_ANSWER,
        "hand": SECONDS_TO_HAND_OVER // 60,
    }
    return render(request, "pages/burden.html", {"page": page, "how": how})


@require_safe
@access(rules.burden_place)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    content = export_burden(
        request.granted, request.GET.get("year", ""), on=today(), by=request.actor
    )
    answer = HttpResponse(content, content_type=SHEET)
    answer["Content-Disposition"] = f'attachment; filename="burden-{pk}-{today()}.xlsx"'
    return answer
