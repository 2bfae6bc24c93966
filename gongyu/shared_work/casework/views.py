"""Report first, then keep that it was reported; the receipt; the liaison's reports."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today

from . import actions, guide, queries, receipts, rules
from .forms import ReceiptForm, ReportForm, StepForm
from .models import Report


def may_report(request: HttpRequest) -> bool:
    return rules.may_report(request.actor)


def is_liaison(request: HttpRequest) -> bool:
    return rules.is_liaison(request.actor)


def liaison_of_report(request: HttpRequest, token: str) -> Report | None:
    return queries.report_for(request.actor, token, today())


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@access(may_report)
def report(request: HttpRequest) -> HttpResponse:
    """What to do at once, and the record that it was done. What was typed elsewhere comes along in
    the body (never in an address)."""
    places = queries.places_to_report_in(request.actor, today())
    sealing = request.method == "POST" and "seal" in request.POST
    form = ReportForm(
        request.POST if sealing else None,
        places=places,
        moment=now(),
        initial=_brought_along(request),
    )
    if sealing and form.is_valid():
        kept = _sealed(request, form)
        if kept is not None:
            receipt = receipts.receipt_for(kept.token, kept.receipt_salt)
            return render(request, "casework/kept.html", {"receipt": receipt})
    context = {
        "form": form,
        "receivers": guide.receivers(),
        "liaisons": queries.liaisons_of(places, today()),
    }
    return render(request, "casework/report.html", context)


def _brought_along(request: HttpRequest) -> dict:
    child = queries.child_in_reach(request.actor, request.POST.get("child", ""), today())
    words = request.POST.get("words", "")
    return {"child": child.child_id, "who": child.words, "words": words} if child else {
        "words": words
    }  # fmt: skip


def _sealed(request: HttpRequest, form: ReportForm) -> Report | None:
    try:
        return actions.seal_report(
            form.told(),
            place=form.chosen_place(),
            for_liaison=form.cleaned_data["for_liaison"],
            key=form.cleaned_data["key"],
            at=now(),
            by=request.actor,
        )
    except rules.ReportFault as fault:
        field = "who" if fault.field == "child" else fault.field
        form.add_error(field if field in form.fields else None, str(fault))
        return None


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@access(may_report)
def receipt(request: HttpRequest) -> HttpResponse:
    """The reporter's own report. The receipt travels in the body, so that no log holds it."""
    form = ReceiptForm(request.POST if "receipt" in request.POST else None)
    found = None
    if form.is_valid():
        found = queries.report_by_receipt(request.actor, form.cleaned_data["receipt"])
        if found is None:
            form.add_error("receipt", _("没有找到。请核对六组字母；回执只对报告人本人有效。"))
    step = StepForm(request.POST if found and "step" in request.POST else None)
    if found is not None and step.is_bound and _took_step(request, found, step):
        step = StepForm()
    opened = actions.read_own_report(found, by=request.actor) if found else None
    return render(request, "casework/receipt.html", {"form": form, "opened": opened, "step": step})


@require_GET
@access(is_liaison)
def index(request: HttpRequest) -> HttpResponse:
    lines = actions.list_reports(on=today(), by=request.actor)
    return render(request, "casework/index.html", {"lines": lines})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@access(liaison_of_report)
def sealed(request: HttpRequest, token: str) -> HttpResponse:
    """One report, with the reporter's name: for the named liaison alone."""
    step = StepForm(request.POST or None)
    if step.is_bound and _took_step(request, request.granted, step):
        return redirect("casework:sealed", token)
    opened = actions.read_report(request.granted, by=request.actor)
    return render(request, "casework/sealed.html", {"opened": opened, "step": step})


def _took_step(request: HttpRequest, found: Report, form: StepForm) -> bool:
    if not form.is_valid():
        return False
    data = form.cleaned_data
    try:
        actions.take_step(found, data["step"], words=data["words"], at=now(), by=request.actor)
    except rules.ReportFault as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return False
    return True
