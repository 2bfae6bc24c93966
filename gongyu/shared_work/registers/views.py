"""A school's registers: what there is, what is missing, what waits for its yearly review."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.ground.places.models import Place

from . import actions, queries, rules
from .forms import EndForm, EntryForm, NewEntryForm, ReviewForm
from .models import Entry


def keeps_any(request: HttpRequest) -> list[Place] | None:
    return queries.schools_kept_by(request.actor, today()) or None


def reads_place(request: HttpRequest, pk: int) -> Place | None:
    return queries.place_to_read(request.actor, pk, today())


def keeps_place(request: HttpRequest, pk: int) -> Place | None:
    place = queries.place_to_read(request.actor, pk, today())
    return place if rules.may_keep_registers(request.actor, pk, today()) else None


def reads_entry(request: HttpRequest, pk: int) -> Entry | None:
    return queries.entry_visible_to(request.actor, pk, today())


def keeps_entry(request: HttpRequest, pk: int) -> Entry | None:
    entry = queries.entry_visible_to(request.actor, pk, today())
    if entry is None or not rules.may_keep_registers(request.actor, entry.place_id, today()):
        return None
    return entry


@require_GET
@access(keeps_any)
def index(request: HttpRequest) -> HttpResponse:
    if len(request.granted) == 1:
        return redirect("registers:place", request.granted[0].pk)
    return render(request, "registers/index.html", {"places": request.granted})


@require_GET
@access(reads_place)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    page = queries.registers_of(request.granted, today())
    keeps = rules.may_keep_registers(request.actor, pk, today())
    return render(request, "registers/place.html", {"page": page, "keeps": keeps})


@require_http_methods(["GET", "POST"])
@access(keeps_place)
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    staff = queries.staff_of(request.granted, today())
    first = {"kind": request.GET.get("kind", ""), "from_on": today()}
    form = NewEntryForm(
        request.POST or None, initial=first, staff=staff, place_kind=request.granted.kind
    )
    if form.is_valid() and _done(
        form, lambda: actions.enter(request.granted, **form.entered(), by=request.actor)
    ):
        messages.success(request, _("已登记。"))
        return redirect("registers:place", pk)
    context = {"form": form, "title": _("登记"), "place": request.granted}
    return render(request, "registers/form.html", context)


@require_http_methods(["GET", "POST"])
@access(keeps_entry)
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    entry: Entry = request.granted
    staff = queries.staff_of(entry.place, today())
    form = EntryForm(request.POST or None, initial={"from_on": today()}, staff=staff, of=entry)
    if form.is_valid() and _done(
        form, lambda: actions.replace(entry, **form.entered(), by=request.actor)
    ):
        messages.success(request, _("新版已登记，原来的保留在历史里。"))
        return redirect("registers:place", entry.place_id)
    context = {"form": form, "title": _("换新版"), "place": entry.place, "entry": entry}
    return render(request, "registers/form.html", context)


@require_http_methods(["GET", "POST"])
@access(keeps_entry)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    entry: Entry = request.granted
    form = EndForm(request.POST or None, initial={"until_on": today()})
    if form.is_valid() and _done(
        form, lambda: actions.end(entry, **form.cleaned_data, by=request.actor)
    ):
        messages.success(request, _("已停用，记录保留在历史里。"))
        return redirect("registers:place", entry.place_id)
    context = {"form": form, "title": _("停用"), "place": entry.place, "entry": entry}
    return render(request, "registers/form.html", context)


@require_http_methods(["GET", "POST"])
@access(keeps_entry)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    entry: Entry = request.granted
    form = ReviewForm(request.POST or None, initial={"reviewed_on": today()})
    if form.is_valid() and _done(
        form,
        lambda: actions.review(entry, **form.cleaned_data, on=today(), by=request.actor),
    ):
        messages.success(request, _("已记下复核。"))
        return redirect("registers:place", entry.place_id)
    context = {"form": form, "title": _("年度复核"), "place": entry.place, "entry": entry}
    return render(request, "registers/form.html", context)


@require_GET
@access(reads_entry)
def history(request: HttpRequest, pk: int) -> HttpResponse:
    entry: Entry = request.granted
    lines, reviews = queries.history_of(entry, today())
    context = {"entry": entry, "lines": lines, "reviews": reviews}
    return render(request, "registers/history.html", context)


def _done(form, write) -> bool:
    """Whether the action took it; a fault becomes the form's error, and nothing typed is lost."""
    try:
        write()
    except rules.RegisterFault as fault:
        field = "last_on" if fault.field == "until_on" and "last_on" in form.fields else fault.field
        form.add_error(field if field in form.fields else None, str(fault))
        return False
    return True
