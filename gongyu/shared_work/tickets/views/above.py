"""The pages of the one above: what is late, statistics, trials, limits."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today

from .. import actions, queries
from ..forms import LimitForm, YearForm
from ..parameters import amber_days, extension_rule
from ..queries.trials import schools_overseen
from ..rules import TicketFault
from ..workbook import statistics_sheet
from . import doors
from .desk import SHEET


@require_safe
@access(doors.oversees)
def overview(request: HttpRequest) -> HttpResponse:
    found = queries.overview(request.actor, today())
    return render(request, "tickets/overview.html", {"overview": found})


@require_safe
@access(doors.has_a_desk)
def statistics(request: HttpRequest) -> HttpResponse:
    year = YearForm(request.GET).year_asked()
    found = queries.statistics(request.actor, today(), year)
    return render(request, "tickets/statistics.html", {"found": found})


@require_safe
@access(doors.has_a_desk)
def statistics_export(request: HttpRequest) -> HttpResponse:
    found = queries.statistics(request.actor, today(), YearForm(request.GET).year_asked())
    answer = HttpResponse(statistics_sheet(found, today()), content_type=SHEET)
    name = f"tickets-statistics-{found.year}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
@access(doors.oversees)
def trials(request: HttpRequest) -> HttpResponse:
    found = queries.trials(request.actor, today())
    return render(request, "tickets/trials.html", {"trials": found})


@require_POST
@access(doors.oversees)
def start_trials(request: HttpRequest) -> HttpResponse:
    """For one school, or for all that were not tried this quarter."""
    schools = schools_overseen(request.actor, today())
    chosen = request.POST.get("school", "")
    if chosen == "untried":
        wanted = {line.school.pk for line in queries.trials(request.actor, today()).untried}
    else:
        wanted = {int(chosen)} if chosen.isascii() and chosen.isdecimal() else set()
    made = actions.start_trials(
        [school for school in schools if school.pk in wanted], at=now(), by=request.actor
    )
    if made:
        messages.success(request, _("已开始 %(n)d 件拨测，在待办里。") % {"n": len(made)})
    else:
        messages.info(request, _("没有新的拨测：选中的学校已经在拨测，或者不在您的范围内。"))
    return redirect("tickets:trials")


@require_http_methods(["GET", "HEAD", "POST"])
@access(doors.own_desk)
def limits(request: HttpRequest) -> HttpResponse:
    """The limits of the own desk: the plan's beside the own, each with what it rests on."""
    desk = request.granted
    form = LimitForm(request.POST or None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_limit(
                desk,
                data["clock"],
                days=data["days"],
                unit=data["unit"],
                document=data["document"],
                on=today(),
                by=request.actor,
            )
        except TicketFault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            messages.success(request, _("已保存，今天起收到和受理的按它计算。"))
            return redirect("tickets:limits")
    context = {
        "desk": desk,
        "form": form,
        "limits": queries.limits_of(desk, today()),
        "fixed": dict(queries.fixed_limits()),
        "extension": extension_rule(),
        "amber": amber_days(),
    }
    return render(request, "tickets/limits.html", context)


@require_POST
@access(doors.own_desk)
def end_limit(request: HttpRequest) -> HttpResponse:
    actions.end_limit(request.granted, request.POST.get("clock", ""), on=today(), by=request.actor)
    messages.success(request, _("已停用，今天起按条例的期限计算。"))
    return redirect("tickets:limits")
