"""One activity: its page, changes of the plan, slots, invitation, move, cancel, close."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.ground.places.models import Place

from .. import actions, rules
from ..forms import CloseForm, CorrectForm, MoveForm, PlanForm, ReasonForm, SlotsForm
from ..forms.planning import values_of
from ..models import Activity, Slot
from ..queries.audience import classes_of
from ..queries.bookings import audience_places
from ..queries.lists import closing_of
from . import doors
from .handling import done, written
from .schools import meeting_form, plan_form


@require_GET
@access(doors.reads_activity)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    page = request.granted
    classes = [
        place
        for place in audience_places(page.activity)
        if page.activity.takes_bookings
        and rules.may_keep_bookings(request.actor, place.pk, today())
    ]
    context = {"page": page, "activity": page.activity, "classes": classes}
    return render(request, "activities/activity.html", context)


@require_http_methods(["GET", "POST"])
@access(doors.keeps_activity)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    found: Activity = request.granted
    chosen = [row.class_place_id for row in found.audience.all()]
    form = _form_of(request, found)
    form.initial = values_of(found, chosen, list(form.grade_rows.values()))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        there = [c.place_id for c in classes_of(data["organiser"], data["day"])]
        changed = written(
            form,
            lambda: actions.change_plan(found, form.plan(there), on=today(), by=request.actor),
        )
        if changed is not None:
            messages.success(request, _("计划已改。时段请再看一遍。"))
            return redirect("activities:activity", pk)
    context = {
        "form": form,
        "title": _("修改计划"),
        "activity": found,
        "place": _home_of(request, found),
    }
    return render(request, "activities/form.html", context)


@require_http_methods(["GET", "POST"])
@access(doors.keeps_activity)
def slots(request: HttpRequest, pk: int) -> HttpResponse:
    found: Activity = request.granted
    form = SlotsForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = written(form, lambda: actions.make_slots(found, form.plan(), by=request.actor))
        if made is not None:
            messages.success(request, _("添加了 %d 个时段。") % len(made))
            return redirect("activities:slots", pk)
    context = {"form": form, "activity": found, "slots": list(found.slots.all())}
    return render(request, "activities/slots.html", context)


@require_POST
@access(doors.keeps_slot)
def drop_slot(request: HttpRequest, pk: int) -> HttpResponse:
    slot: Slot = request.granted
    done(request, lambda: actions.drop_slot(slot, by=request.actor), _("已删除这个时段。"))
    return redirect("activities:slots", slot.activity_id)


@require_POST
@access(doors.keeps_activity)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    found: Activity = request.granted
    words = _("已邀请。请打印或发送邀请单。")
    done(request, lambda: actions.invite(found, on=today(), by=request.actor), words)
    return redirect("activities:activity", pk)


@require_http_methods(["GET", "POST"])
@access(doors.keeps_activity)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    found: Activity = request.granted
    form = MoveForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fresh = written(
            form,
            lambda: actions.move_activity(
                found,
                form.starts_at(),
                reason=data["reason"],
                where=data["where"],
                on=today(),
                by=request.actor,
            ),
        )
        if fresh is not None:
            messages.success(request, _("已改期。预约都带过来了，请告诉已约的家庭。"))
            return redirect("activities:activity", fresh.pk)
    context = {
        "form": form,
        "title": _("改期"),
        "activity": found,
        "place": _home_of(request, found),
    }
    return render(request, "activities/form.html", context)


@require_http_methods(["GET", "POST"])
@access(doors.keeps_activity)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Before it, it is called off; after it was closed by mistake, the closing is taken back."""
    found: Activity = request.granted
    form = ReasonForm(request.POST or None)
    closed = found.status == "closed"
    deed = actions.take_back_closing if closed else actions.cancel_activity
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if written(form, lambda: deed(found, reason=reason, by=request.actor)) is not None:
            words = _("已撤销，不再计入。") if closed else _("已取消，记录保留。请告诉已约的家庭。")
            messages.success(request, words)
            return redirect("activities:activity", pk)
    title = _("没有举办，撤销收尾") if closed else _("取消活动")
    context = {"form": form, "title": title, "activity": found, "place": _home_of(request, found)}
    return render(request, "activities/form.html", context)


@require_http_methods(["GET", "POST"])
@access(doors.keeps_activity)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    found: Activity = request.granted
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        outcome = form.outcome()
        if written(form, lambda: actions.close_activity(found, outcome, by=request.actor)):
            messages.success(request, _("已收尾。统计会自动更新，不用再填任何表。"))
            return redirect("activities:activity", pk)
    context = {
        "form": form,
        "title": _("收尾"),
        "activity": found,
        "place": _home_of(request, found),
    }
    return render(request, "activities/form.html", context)


@require_http_methods(["GET", "POST"])
@access(doors.keeps_activity)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    found: Activity = request.granted
    form = CorrectForm(request.POST or None, initial=_told(found))
    if request.method == "POST" and form.is_valid():
        outcome, reason = form.outcome(), form.cleaned_data["reason"]
        fresh = written(
            form,
            lambda: actions.correct_closing(found, outcome, reason=reason, by=request.actor),
        )
        if fresh is not None:
            messages.success(request, _("已更正，原来的数字保留。"))
            return redirect("activities:activity", pk)
    context = {
        "form": form,
        "title": _("更正"),
        "activity": found,
        "place": _home_of(request, found),
    }
    return render(request, "activities/form.html", context)


def _home_of(request: HttpRequest, found: Activity) -> Place:
    """Whose list the way back leads to: the school's for leaders, the class's for its teacher."""
    if rules.may_keep_activities(request.actor, found.school_id, today()):
        return found.school
    return audience_places(found)[0]


def _form_of(request: HttpRequest, found: Activity) -> PlanForm:
    """A class teacher changes when and where, never whom a meeting is for."""
    if rules.may_keep_activities(request.actor, found.school_id, today()):
        return plan_form(request, found.school)
    return meeting_form(request, audience_places(found))


def _told(found: Activity) -> dict:
    closing = closing_of(found)
    if closing is None:
        return {}
    return {
        "families": closing.families,
        "counted_by": closing.counted_by,
        "said": closing.said,
    }
