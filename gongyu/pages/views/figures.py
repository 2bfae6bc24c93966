"""A figure, its rows, and its rows as a sheet."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today

from .. import actions, exporting, rules
from ..forms import RowsForm
from ..queries import openings

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@access(rules.place_with_figures)
def figure(request: HttpRequest, duty_id: str, period_key: str, place_id: int) -> HttpResponse:
    page = openings.figure_page(request.granted, duty_id, period_key, request.actor, today())
    if page is None:
        raise Http404
    return render(request, "pages/figure.html", {"page": page, "board": page})


@require_safe
@access(rules.place_with_figures)
def rows(request: HttpRequest, duty_id: str, period_key: str, place_id: int) -> HttpResponse:
    form = RowsForm(request.GET)
    page = actions.read_rows(
        request.granted,
        duty_id,
        period_key,
        states=form.states(),
        number=form.number(),
        by=request.actor,
        on=today(),
    )
    if page is None:
        raise Http404
    return render(request, "pages/rows.html", {"page": page})


@require_safe
@access(rules.place_with_figures)
def export(
    request: HttpRequest, duty_id: str, period_key: str, place_id: int
) -> StreamingHttpResponse:
    form = RowsForm(request.GET)
    target = actions.export_rows(
        request.granted, duty_id, period_key, states=form.states(), by=request.actor, on=today()
    )
    if target is None:
        raise Http404
    answer = StreamingHttpResponse(exporting.chunks(target), content_type=SHEET)
    # The name says which figure it is and never whose.
    name = f"{duty_id}-{period_key}-{place_id}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
