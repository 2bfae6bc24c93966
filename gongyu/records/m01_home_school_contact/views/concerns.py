"""Note a child who seems not well, see whose turn it is, act, hand the chronology over."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today

from .. import rules_concerns as rules
from ..actions import (
    accept_hand_over,
    note_anomaly,
    offer_hand_over,
    read_anomaly,
    refuse_hand_over,
    retract_anomaly,
    take_anomaly_step,
    withdraw_hand_over,
)
from ..forms.concerns import AnswerForm, ExcuseForm, HandleForm, NoteForm
from ..queries import concerns
from ..queries.concerns import ChildChoice
from ..rules_concerns import ConcernFault
from . import doors_concerns as doors

LOOK_AGAIN = timedelta(days=7)


@require_GET
@access(doors.notes_anomalies)
def index(request: HttpRequest) -> HttpResponse:
    """Whose turn it is, everything open, the own notes, and what waits to be handed over."""
    actor, on = request.actor, today()
    context = {
        "mine": concerns.concerns_to_act(actor, on, now()),
        "open": concerns.concerns_open(actor, on, now()),
        "own": concerns.own_notes(actor, on),
        "leavers": concerns.leavers_of(actor, on),
        "offers": concerns.offers_to(actor, on),
    }
    return render(request, "concerns/index.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@access(doors.notes_anomalies)
def note(request: HttpRequest) -> HttpResponse:
    return _note(request, None)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@access(doors.child_to_note)
def note_child(request: HttpRequest, pk: int) -> HttpResponse:
    """From the page of a child: the child is chosen already."""
    return _note(request, request.granted)


def _note(request: HttpRequest, chosen: ChildChoice | None) -> HttpResponse:
    actor, on = request.actor, today()
    looking = "look" in request.POST
    children = _children(request, chosen)
    form = NoteForm(
        request.POST if request.method == "POST" and not looking else None,
        children=children,
        moment=now(),
        initial=_typed(request, children) if looking else {"child": chosen and chosen.child_id},
    )
    if form.is_bound and form.is_valid() and not form.harm:
        try:
            made = note_anomaly(form.entry(), at=now(), key=form.cleaned_data["key"], by=actor)
        except ConcernFault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            messages.success(request, _("已记下。要联系家长的老师一进首页就能看到。"))
            return redirect("concerns:anomaly", made.pk)
    found = [each for each in children if each.group == FOUND] if looking else None
    return render(request, "concerns/note.html", {"form": form, "found": found, "on": on})


FOUND = "找到的"


def _children(request: HttpRequest, chosen: ChildChoice | None) -> list[ChildChoice]:
    """Those of the own classes, the one whose page it was, and whoever was looked for."""
    actor, on = request.actor, today()
    children = concerns.children_near(actor, on)
    known = {each.child_id for each in children}
    if chosen is not None and chosen.child_id not in known:
        children.append(chosen)
        known.add(chosen.child_id)
    words = request.POST.get("find", "").strip()[:20]
    if words:
        found = concerns.children_found(actor, words, on)
        again = {each.child_id for each in found}
        children = [each for each in children if each.child_id not in again] + [
            ChildChoice(each.child_id, f"{each.name}（{each.group}）", FOUND) for each in found
        ]
    return children


def _typed(request: HttpRequest, children: list[ChildChoice]) -> dict:
    """What was typed before looking for a child stays; a single child that was found is chosen."""
    kept = {name: request.POST.get(name, "") for name in ("kind", "words", "find", "noticed_at")}
    found = [each.child_id for each in children if each.group == FOUND]
    kept["child"] = found[0] if len(found) == 1 else request.POST.get("child", "")
    return {name: value for name, value in kept.items() if value}


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@access(doors.anomaly_read)
def anomaly(request: HttpRequest, pk: int) -> HttpResponse:
    """One note: its clock, its chronology, and what can be done next."""
    found, actor = request.granted, request.actor
    page = concerns.anomaly_page(found, actor, today())
    step = request.POST.get("step_of", "") if page.full else ""
    forms = _forms(request, page, step)
    if step in forms and forms[step].is_valid():
        try:
            take_anomaly_step(found, forms[step].entry(), at=now(), by=actor)
        except ConcernFault as fault:
            form = forms[step]
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            messages.success(request, _("已记下。"))
            return redirect("concerns:anomaly", pk)
    elif request.method == "GET":
        read_anomaly(found, by=actor)
    return render(request, "concerns/anomaly.html", {"page": page, "forms": forms, "now": now()})


def _forms(request: HttpRequest, page, step: str) -> dict:
    if not page.full or not page.anomaly.is_open:
        return {}
    data, again = request.POST, today() + LOOK_AGAIN
    forms = {
        "contact": AnswerForm(
            data if step == "contact" else None,
            carers=page.carers,
            moment=now(),
            on=again,
            prefix="contact",
        ),
        "excuse": ExcuseForm(
            data if step == "excuse" else None, moment=now(), on=again, prefix="excuse"
        ),
    }
    if page.anomaly.status != "noticed":
        forms["handle"] = HandleForm(
            data if step == "handle" else None, moment=now(), prefix="handle"
        )
    return forms


@require_POST
@access(doors.anomaly_retracted)
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        retract_anomaly(
            request.granted, words=request.POST.get("words", ""), at=now(), by=request.actor
        )
    except ConcernFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("已撤销，不再计入；记录仍可查看。"))
    return redirect("concerns:anomaly", pk)


@require_POST
@access(doors.leaver)
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    leaver = request.granted
    said = _("已提出移交，等新学校接收。")
    return _hand_over(
        request,
        said,
        lambda: offer_hand_over(leaver.child, leaver.school, at=now(), by=request.actor),
    )


@require_POST
@access(doors.offered_here)
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("已接收，可以在孩子的页面看到经过。")
    return _hand_over(
        request, said, lambda: accept_hand_over(request.granted, at=now(), by=request.actor)
    )


@require_POST
@access(doors.offered_here)
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("没有接收，经过仍在原学校。")
    return _hand_over(
        request, said, lambda: refuse_hand_over(request.granted, at=now(), by=request.actor)
    )


@require_POST
@access(doors.offered_by_us)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("已收回移交。")
    return _hand_over(
        request, said, lambda: withdraw_hand_over(request.granted, at=now(), by=request.actor)
    )


def _hand_over(request: HttpRequest, said: str, act) -> HttpResponse:
    try:
        act()
    except rules.ConcernFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, said)
    return redirect("concerns:index")
