"""The posts that the district and the city keep: who holds which office, appoint, end, take back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.words import day_words
from gongyu.ground.design.sheets import download

from . import queries_offices as queries
from .actions_offices import appoint as appoint_somebody
from .actions_sheets import export_office
from .doors import access
from .forms_offices import Appoint, OfficeFilter
from .post_change import change_post, end_post, mend_post
from .previews_offices import appointing
from .queries_posts import staff_to_choose
from .rules_offices import OFFICES, Office, offices_kept
from .workbook import office_sheet

_either = require_http_methods(["GET", "POST"])


def _office(request: HttpRequest, role: str = "") -> Office | None:
    """The office that is asked for, or the first of those kept."""
    kept = offices_kept(request.actor)
    return next((office for office in kept if role in ("", office.role)), None)


def _place_kept(request: HttpRequest, role: str, place_id: int) -> queries.KeptPlace | None:
    return queries.kept_place(request.actor, OFFICES.get(role), place_id, today())


def _post_kept(
    request: HttpRequest, role: str, place_id: int, post_id: int
) -> queries.KeptOfficePost | None:
    return queries.kept_office_post(request.actor, OFFICES.get(role), place_id, post_id, today())


@access(_office)
@require_GET
def offices(request: HttpRequest, role: str = "") -> HttpResponse:
    """Every place of the office with its holder; those without one can be listed alone."""
    office = request.granted
    form = OfficeFilter(request.GET, office=office)
    number = request.GET.get("page", "1")
    found = queries.office_page(request.actor, office, *_asked(form), number, today())
    context = {"found": found, "form": form, "office": office}
    return render(
        request, "access/offices.html", {**context, "offices": offices_kept(request.actor)}
    )


@access(_office)
@require_GET
def office_export(request: HttpRequest, role: str) -> HttpResponse:
    """The list as a sheet, with what was filtered and all its pages."""
    office = request.granted
    asked = _asked(OfficeFilter(request.GET, office=office))
    rows = export_office(office, *asked, on=today(), by=request.actor)
    return download(office_sheet(office, rows, today()), f"{role}-{today().isoformat()}.xlsx")


def _asked(form: OfficeFilter) -> tuple[str, bool]:
    asked = form.cleaned_data if form.is_valid() else {}
    return asked.get("q", "").strip(), asked.get("vacant", False)


@access(_place_kept)
@_either
def appoint(request: HttpRequest, role: str, place_id: int) -> HttpResponse:
    """Somebody begins or acts; where an office has one holder, the present post ends with a regular
    appointment."""
    kept, by, on = request.granted, request.actor, today()
    people = staff_to_choose(kept.place, on)

    def carry_out(form: Appoint) -> str:
        data = form.cleaned_data
        more = {name: data[name] for name in ("until_on", "acting", "basis")}
        post = appoint_somebody(kept.office, place_id, form.holder, data["from_on"], **more, by=by)
        told = {"name": post.staff.name, "day": day_words(post.from_on)}
        return _("已登记：%(name)s自%(day)s起任职。请到“查阅授权”为其授权。") % told

    return change_post(
        request,
        Appoint(request.POST or None, people=people, on=on, office=kept.office),
        crumb=_crumb(kept.office),
        title=_("登记%(role)s任职") % {"role": kept.office.role.label},
        lead=kept.place.name,
        preview=lambda form: appointing(kept, form, by=by),
        carry_out=carry_out,
    )


@access(_post_kept)
@_either
def close_office(request: HttpRequest, role: str, place_id: int, post_id: int) -> HttpResponse:
    """A post ends on a day."""
    return end_post(request, request.granted.post, _crumb(request.granted.office))


@access(_post_kept)
@_either
def take_back_office(request: HttpRequest, role: str, place_id: int, post_id: int) -> HttpResponse:
    """A post was entered by mistake; whom it followed holds on."""
    return mend_post(request, request.granted.post, _crumb(request.granted.office))


def _crumb(office: Office) -> dict[str, str]:
    label = _("%(role)s任职") % {"role": office.role.label}
    return {"label": label, "url": reverse("access:offices", args=[office.role])}
