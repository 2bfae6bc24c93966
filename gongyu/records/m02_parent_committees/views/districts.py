"""The district's office: the register of committees, inspections, and what is to be mended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today

from .. import actions
from ..forms.work import InspectForm, ReportForm
from ..queries.committees import title_of
from ..queries.districts import district_register
from . import doors, handling


@require_GET
@access(doors.district)
def district(request: HttpRequest, pk: int) -> HttpResponse:
    register = district_register(request.granted, today())
    return render(request, "committees/district.html", {"register": register})


@require_http_methods(["GET", "POST"])
@access(doors.committee_inspected)
def inspect(request: HttpRequest, pk: int) -> HttpResponse:
    form = InspectForm(
        request.POST or None, initial={"inspected_on": today(), "key": handling.fresh_key()}
    )
    if request.POST and handling.done(
        form,
        lambda: actions.inspect(request.granted, **form.cleaned_data, on=today(), by=request.actor),
    ):
        messages.success(request, _("检查已记下。"))
        return redirect("committees:committee", pk)
    return _form(request, form, _("记一次检查"), request.granted)


@require_http_methods(["GET", "POST"])
@access(doors.mended)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The school says how it was mended."""
    committee = request.granted.inspection.committee
    form = ReportForm(request.POST or None)
    if request.POST and handling.done(
        form,
        lambda: actions.report_mended(
            request.granted, report=form.cleaned_data["report"], on=today(), by=request.actor
        ),
    ):
        messages.success(request, _("已报给区县复核。"))
        return redirect("committees:committee", committee.pk)
    return _form(request, form, _("上报整改情况"), committee)


@require_POST
@access(doors.judged)
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    committee = request.granted.inspection.committee
    handling.tried(
        request,
        lambda: actions.judge_mended(
            request.granted,
            accepts=request.POST.get("accepts") == "yes",
            on=today(),
            by=request.actor,
        ),
        _("已记下。"),
    )
    return redirect("committees:committee", committee.pk)


def _form(request: HttpRequest, form, title: str, of) -> HttpResponse:
    context = {"form": form, "title": title, "committee": of, "name": title_of(of)}
    return render(request, "committees/form.html", context)
