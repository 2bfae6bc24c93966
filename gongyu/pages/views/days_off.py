"""The days off of the city or of a district: read, enter, take out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongyu.ground.access.confirming import Change, Line, TwoSteps, two_steps
from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.words import day_words
from gongyu.ground.design.sheets import download
from gongyu.ground.holidays import actions as holidays
from gongyu.ground.holidays.rules import DayRefused, check_can_set

from .. import rules
from ..actions import export_days_off
from ..exporting_days_off import days_off_sheet
from ..forms_days_off import DaysOff
from ..queries import days_off as queries


@require_safe
@access(rules.days_off_place)
def days_off(request: HttpRequest) -> HttpResponse:
    """A year's days: entered here, published, or only estimated."""
    page = queries.days_off_page(request.granted, request.GET.get("year", ""), today())
    return render(request, "pages/days_off.html", {"page": page})


@require_safe
@access(rules.days_off_place)
def days_off_export(request: HttpRequest) -> HttpResponse:
    """The year as a sheet."""
    year = request.GET.get("year", "")
    page = export_days_off(request.granted, year, on=today(), by=request.actor)
    return download(days_off_sheet(page, today()), f"days-off-{page.year}.xlsx")


@require_http_methods(["GET", "POST"])
@access(rules.days_off_place)
def enter_days_off(request: HttpRequest) -> HttpResponse:
    """Days off or worked, with the document on which they stand."""
    place, by = request.granted, request.actor
    back = reverse("pages:days-off")

    def preview(form: DaysOff) -> Change:
        days = form.days()
        check_can_set(days)
        first, last = days[0], days[-1]
        what = _("调休上班") if first.is_working else _("放假")
        until = _("至%(day)s") % {"day": day_words(last.day)} if len(days) > 1 else ""
        return Change(
            title=_("登记放假安排"),
            about=place.name,
            day=None,
            lines=(Line(f"{day_words(first.day)}{until}", "", f"{first.name}{what}"),),
            notes=(_("以工作日计算的期限随之改变；这几天不再是推算。"), first.source),
        )

    def carry_out(form: DaysOff) -> str:
        written = holidays.set_days(form.days(), district=queries.code_of(place), by=by)
        return (
            _("已登记%(n)d天。") % {"n": len(written)}
            if written
            else _("这几天原来就是这样登记的。")
        )

    steps = TwoSteps(
        form=DaysOff(request.POST or None, on=today()),
        template="access/change_form.html",
        context={
            "title": _("登记放假安排"),
            "lead": place.name,
            "back": back,
            "crumbs": [{"label": _("放假安排"), "url": back}],
        },
        preview=preview,
        carry_out=carry_out,
        done=back,
        refusals=(DayRefused,),
    )
    return two_steps(request, steps)


@require_POST
@access(rules.days_off_place)
def clear_day_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an entry out; the published calendar decides the day again."""
    place = request.granted
    found = queries.entry_kept(place, pk)
    if found is None:
        raise Http404
    holidays.clear_day(found.day, district=queries.code_of(place), by=request.actor)
    messages.success(request, _("已取消%(day)s的登记。") % {"day": day_words(found.day)})
    return redirect("pages:days-off")
