"""The pages of the rosters: hand in, map, look through, confirm, watch, look back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.clock import now, today

from . import actions, jobs, keeping, queries
from .blank import blank_sheet
from .forms import ConfirmForm, DoubtsForm, MappingForm, UploadForm
from .headers import PUPILS, STAFF
from .rules import RosterRefused, import_in_reach, importer

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@access(importer)
@never_cache
def imports(request: HttpRequest) -> HttpResponse:
    """Hand in a roster; below, what was handed in before."""
    schools, on = request.granted, today()
    initial = {"on": queries.day_to_propose(schools, on), "covers": "part", "school": schools[0].pk}
    form = UploadForm(
        request.POST or None, request.FILES or None, schools=schools, today=on, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        actions.tidy(now(), by=SYSTEM)
        data = form.cleaned_data["file"].read()
        roster = actions.upload(
            form.chosen_school(), form.file_name(), data, form.asked(), by=request.actor
        )
        jobs.read_soon(roster, len(data), by=request.actor)
        return redirect("people:roster", roster.pk)
    page = queries.history(request.actor, on, request.GET.get("page", 1))
    return render(request, "people/roster/imports.html", {"form": form, "history": page})


@require_http_methods(["GET", "POST"])
@access(import_in_reach)
@never_cache
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """One import, whatever its state: progress, faults, preview or result. A name that is looked
    for comes by POST, so that it stands in no address."""
    if request.granted.status == "mapping":
        return redirect("people:roster-mapping", pk)
    return _show(request)


def _show(request: HttpRequest, *, confirm: ConfirmForm | None = None) -> HttpResponse:
    page = queries.import_page(
        request.granted,
        tab=request.POST.get("tab", "") or request.GET.get("tab", ""),
        text=request.POST.get("q", ""),
        number=request.GET.get("page", 1),
    )
    preview = page.preview
    context = {"page": page, "roster": request.granted}
    if page.status == "ready" and preview:
        context["doubts"] = DoubtsForm(doubts=preview["doubts"])
        context["confirm"] = confirm or ConfirmForm(
            counts=preview["counts"], initial={"seen": request.granted.seen}
        )
    return render(request, "people/roster/import.html", context)


@require_GET
@access(import_in_reach)
@never_cache
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress fragment; when the work is done the whole page is asked for anew."""
    roster = request.granted
    page = queries.import_page(roster, tab="", text="", number=1)
    response = render(request, "people/roster/_progress.html", {"page": page, "roster": roster})
    if not page.waits_for_worker:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "POST"])
@access(import_in_reach)
@never_cache
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column is what; remembered for the school."""
    roster = request.granted
    if roster.status not in {"mapping", "refused", "ready"}:
        return redirect("people:roster", pk)
    try:
        headings = queries.headings_to_map(roster)
    except keeping.NotKept:
        return redirect("people:roster", pk)
    kind = request.POST.get("kind") or request.GET.get("kind") or roster.kind or PUPILS
    kind = kind if kind in {PUPILS, STAFF} else PUPILS
    form = MappingForm(
        request.POST or None, headings=headings, choices=queries.field_choices(kind), kind=kind
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.map_headings(roster, form.fields_by_heading(), kind, by=request.actor)
            jobs.read_soon(roster, 0, by=request.actor)
        except RosterRefused as refused:
            messages.error(request, str(refused))
        return redirect("people:roster", pk)
    return render(
        request, "people/roster/mapping.html", {"form": form, "roster": roster, "kind": kind}
    )


@require_POST
@access(import_in_reach)
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about doubtful rows."""
    roster = request.granted
    page = queries.import_page(roster, tab="", text="", number=1)
    form = DoubtsForm(request.POST, doubts=page.preview.get("doubts", []))
    if not form.is_valid() or not form.answers():
        messages.warning(request, _("请至少选择一行。"))
        return redirect("people:roster", pk)
    try:
        actions.answer(roster, form.answers(), by=request.actor)
    except RosterRefused as refused:
        messages.error(request, str(refused))
    return redirect("people:roster", pk)


@require_POST
@access(import_in_reach)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what the preview showed."""
    roster = request.granted
    form = ConfirmForm(request.POST, counts=roster.summary)
    if not form.is_valid():
        if roster.status != "ready":
            return redirect("people:roster", pk)
        return _show(request, confirm=form)
    try:
        ticked = form.cleaned_data.get("with_leavers", False)
        actions.confirm(roster, form.cleaned_data["seen"], by=request.actor, with_leavers=ticked)
        jobs.import_soon(roster, by=request.actor)
    except RosterRefused as refused:
        messages.error(request, str(refused))
    except keeping.NotKept:
        messages.error(request, _("名册文件已按期删除，请重新上传。"))
    return redirect("people:roster", pk)


@require_POST
@access(import_in_reach)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the kept file anew."""
    try:
        actions.read_again(request.granted, by=request.actor)
        jobs.read_soon(request.granted, 0, by=request.actor)
    except RosterRefused as refused:
        messages.error(request, str(refused))
    return redirect("people:roster", pk)


@require_POST
@access(import_in_reach)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the import up."""
    try:
        actions.cancel(request.granted, by=request.actor)
        messages.success(request, _("已取消，文件已删除，未写入任何数据。"))
    except RosterRefused as refused:
        messages.error(request, str(refused))
    return redirect("people:imports")


@require_GET
@access(import_in_reach)
@never_cache
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The same sheet with its faults marked."""
    data = queries.marked_file(request.granted)
    if data is None:
        raise Http404
    return _download(data, f"roster-{pk}-marked.xlsx")


@require_GET
@access(importer)
def blank(request: HttpRequest) -> HttpResponse:
    """A blank sheet to fill in."""
    kind = STAFF if request.GET.get("kind") == STAFF else PUPILS
    return _download(blank_sheet(kind), f"roster-{kind}.xlsx")


def _download(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
