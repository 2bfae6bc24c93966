"""Record, draft, read and correct a visit; note an attempt; a child's history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today

from ..actions import (
    correct_visit,
    note_reading,
    record_visit,
    retract_visit,
    save_draft,
    set_preference,
)
from ..forms import (
    AttemptForm,
    CorrectAttemptForm,
    CorrectionForm,
    PreferenceForm,
    ReasonForm,
    RecordForm,
)
from ..models import Visit
from ..queries.records import (
    child_history,
    draft_of,
    preference_of,
    record_sheet,
    versions_of,
)
from ..rules import VisitFault
from . import doors


@require_http_methods(["GET", "POST"])
@access(doors.child_recorded)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    child, sheet = request.granted.child, request.granted.sheet
    staff_id = request.actor.staff_id
    if request.method == "POST":
        form = RecordForm(sheet, request.POST, staff_id=staff_id)
        # A hint is shown once; sending again keeps the words.
        if form.is_valid() and not form.hints:
            visit = _written(
                form, lambda: record_visit(
                    form.entry(), on=today(), key=form.cleaned_data["key"], by=request.actor
                )
            )  # fmt: skip
            if visit is not None:
                messages.success(request, _("已记录。统计会自动更新，不用再填任何表。"))
                if form.harm:
                    messages.warning(request, HARM_WORDS)
                return redirect("visits:class", sheet.class_place.pk)
    else:
        note_reading("child.read", ("child", pk), by=request.actor, place_id=sheet.class_place.pk)
        form = RecordForm(sheet, initial={"visited_on": today()}, staff_id=staff_id)
        draft = draft_of(staff_id, child, now())
        if draft:
            form.fill_from_draft(draft)
    context = {"form": form, "sheet": sheet, "child": child, "harm_words": HARM_WORDS}
    return render(request, "visits/record.html", context)


HARM_WORDS = gettext_lazy(
    "如果您怀疑孩子受到伤害：先打110，不用等谁同意，怀疑就可以报告；不要只写在家访记录里。"
)


@require_POST
@access(doors.child_with_class)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    kept = {
        name: values
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "key", "sure"}
    }
    save_draft(request.granted.child, kept, by=request.actor)
    if request.htmx:
        return HttpResponse(status=204)
    messages.success(request, _("草稿已保存72小时，只有您自己能看到。"))
    return redirect("visits:class", request.granted.class_place.pk)


@require_http_methods(["GET", "POST"])
@access(doors.child_with_class)
def attempt(request: HttpRequest, pk: int) -> HttpResponse:
    class_place = request.granted.class_place
    form = AttemptForm(request.POST or None, on=today())
    if request.method == "POST" and form.is_valid():
        visit = _written(
            form, lambda: record_visit(
                form.entry([pk]), on=today(), key=form.cleaned_data["key"], by=request.actor
            )
        )  # fmt: skip
        if visit is not None:
            messages.success(request, _("已记下这一次。两次没成功，会请校长确认，不算谁的过错。"))
            return redirect("visits:class", class_place.pk)
    context = {"form": form, "class_place": class_place, "child": request.granted.child}
    return render(request, "visits/attempt.html", context)


@require_GET
@access(doors.visit_read)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    page = request.granted
    note_reading("visit.read", ("visit", pk), by=request.actor, place_id=page.rows[0].school_id)
    return render(request, "visits/visit.html", {"page": page})


@require_GET
@access(doors.visit_read)
def history(request: HttpRequest, pk: int) -> HttpResponse:
    page = request.granted
    note_reading("visit.read", ("visit", pk), by=request.actor, place_id=page.rows[0].school_id)
    versions = versions_of(page, today(), request.actor)
    return render(request, "visits/history.html", {"page": page, "versions": versions})


@require_GET
@access(doors.child_read)
def child(request: HttpRequest, pk: int) -> HttpResponse:
    note_reading("child.read", ("child", pk), by=request.actor)
    history = child_history(request.granted, today(), request.actor)
    return render(request, "visits/child.html", {"child": request.granted, "history": history})


@require_http_methods(["GET", "POST"])
@access(doors.visit_corrected)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    visit: Visit = request.granted
    form = _correction_form(request, visit)
    if form is None:
        messages.error(request, _("孩子那一天的学籍已经改过，不能在这里更正；请撤销后重记。"))
        return redirect("visits:visit", pk)
    if request.method == "POST" and form.is_valid() and not getattr(form, "hints", None):
        rows = [row.child_id for row in visit.children.all()]
        entry = form.entry() if visit.is_held else form.entry(rows)
        data = form.cleaned_data
        fresh = _written(
            form, lambda: correct_visit(
                visit, entry, reason=data["reason"], on=today(), key=data["key"], by=request.actor
            )
        )  # fmt: skip
        if fresh is not None:
            messages.success(request, _("已更正，原来的记录保留在“更正经过”里。"))
            return redirect("visits:visit", fresh.pk)
    return render(request, "visits/correct.html", {"form": form, "visit": visit})


@require_POST
@access(doors.visit_corrected)
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有撤销：请写明原因，例如“记到了另一个孩子名下”。"))
        return redirect("visits:visit", pk)
    try:
        retract_visit(
            request.granted, reason=form.cleaned_data["reason"], on=today(), by=request.actor
        )
    except VisitFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("已撤销，不再计入；记录仍可查看。"))
    return redirect("visits:visit", pk)


@require_http_methods(["GET", "POST"])
@access(doors.child_planned)
def preference(request: HttpRequest, pk: int) -> HttpResponse:
    form = PreferenceForm(request.POST or None, initial=preference_of(request.granted), on=today())
    if request.method == "POST" and form.is_valid():
        set_preference(request.granted, **form.cleaned_data, by=request.actor)
        messages.success(request, _("家长的意愿已记下。"))
        return redirect("visits:child", pk)
    return render(request, "visits/preference.html", {"form": form, "child": request.granted})


def _correction_form(request: HttpRequest, visit: Visit):
    data = request.POST or None
    if not visit.is_held:
        initial = {"outcome": visit.outcome, "visited_on": visit.visited_on}
        return CorrectAttemptForm(data, initial=initial)
    rows = list(visit.children.all())
    also = tuple(row.child_id for row in rows)
    sheet = record_sheet(rows[0].child, visit.visited_on, also=also)
    notes = {row.child_id: row.note for row in rows}
    if sheet is None:
        return None
    ticks = [v for c in sheet.children for v in (c.child_id in notes, notes.get(c.child_id, ""))]
    return CorrectionForm(
        sheet,
        data,
        staff_id=request.actor.staff_id,
        initial={
            "visited_on": visit.visited_on,
            "setting": visit.setting,
            "asked": visit.asked,
            "met": [[c.pk for c in visit.met.all()], visit.met_other],
            "follows": [visit.follows, None, request.actor.staff_id],
            "children": ticks,
        },
    )


def _written(form, write):
    """What the action returns; a fault becomes the form's error, and nothing typed is lost."""
    try:
        return write()
    except VisitFault as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return None
