"""My follow-ups; the head's page of declines."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.ground.staff.models import Staff

from ..actions import (
    acknowledge_decline,
    do_follow_up,
    drop_follow_up,
    hand_over_follow_up,
    note_reading,
    return_decline,
    withdraw_decline,
)
from ..forms import DoneForm, HandOverForm, ReasonForm
from ..queries.declines import declines_for
from ..queries.records import colleagues_in
from ..queries.work import follow_ups_for
from ..rules import VisitFault
from . import doors


@require_GET
@access(doors.visiting_staff)
def follow_ups(request: HttpRequest) -> HttpResponse:
    found = follow_ups_for(request.actor, today())
    return render(request, "visits/follow_ups.html", {"follow_ups": found, "on": today()})


@require_http_methods(["GET", "POST"])
@access(doors.follow_up_changed)
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """One follow-up: done, handed over, or no longer needed."""
    found = request.granted
    colleagues = colleagues_in(found.school_id, today())
    step = request.POST.get("step", "")
    done = DoneForm(
        request.POST if step == "do" else None, initial={"done_on": today()}, prefix="do"
    )
    hand = HandOverForm(
        request.POST if step == "hand_over" else None,
        colleagues=colleagues,
        due_on=max(found.due_on, today()),
        prefix="hand",
    )
    drop = ReasonForm(request.POST if step == "drop" else None, prefix="drop")
    forms = {"do": done, "hand_over": hand, "drop": drop}
    if step in forms and forms[step].is_valid():
        try:
            _take_step(found, step, forms[step].cleaned_data, colleagues, request)
        except VisitFault as fault:
            field = fault.field if fault.field in forms[step].fields else None
            forms[step].add_error(field, str(fault))
        else:
            messages.success(request, _("已更新。"))
            return redirect("visits:follow-ups")
    elif request.method == "GET":
        note_reading("child.read", ("child", found.child_id), by=request.actor)
    context = {"follow_up": found, "done": done, "hand": hand, "drop": drop}
    return render(request, "visits/follow_up.html", context)


def _take_step(found, step: str, data: dict, colleagues: list[Staff], request) -> None:
    if step == "do":
        do_follow_up(found, done_on=data["done_on"], on=today(), by=request.actor)
    elif step == "hand_over":
        owner = next(s for s in colleagues if s.pk == data["owner"])
        hand_over_follow_up(
            found,
            owner=owner,
            due_on=data["due_on"],
            note=data["note"],
            on=today(),
            by=request.actor,
        )
    else:
        drop_follow_up(found, note=data["reason"], by=request.actor)


@require_GET
@access(doors.declines_decided)
def declines(request: HttpRequest) -> HttpResponse:
    school = request.granted
    note_reading("decline.read", ("school", school.pk), by=request.actor, place_id=school.pk)
    waiting, running = declines_for(request.actor, today())
    context = {"waiting": waiting, "running": running, "school": school}
    return render(request, "visits/declines.html", context)


@require_POST
@access(doors.decline_decided)
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        acknowledge_decline(request.granted, on=today(), by=request.actor)
    except VisitFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("已确认。本学年列为“家长谢绝”，不算完成，也不算未完成。"))
    return redirect("visits:declines")


@require_POST
@access(doors.decline_decided)
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _close(request, return_decline, _("已请老师再联系一次。"), "visits:declines")


@require_POST
@access(doors.decline_withdrawn)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("已取消谢绝，可以重新约家访。")
    return _close(request, withdraw_decline, said, "visits:index")


def _close(request: HttpRequest, action, said: str, then: str) -> HttpResponse:
    try:
        action(request.granted, reason=request.POST.get("reason", ""), on=today(), by=request.actor)
    except VisitFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, said)
    return redirect(then)
