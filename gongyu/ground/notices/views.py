"""The senders' pages: what was sent, writing with its effect shown first, and how far one has come."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.design.sheets import download

from . import actions, doors, queries, queries_lists
from .channels import shown as shown_channel
from .drafts import DRAFTS
from .forms import NoticeForm, WithdrawForm, first_values
from .models import Notice
from .parameters import DIGEST, QUIET, weekly_budget
from .queries_budget import effect_of
from .queries_lists import Desk
from .reading import ease, seconds_to_read
from .rules import NoticeFault, check_notice
from .shapes import NewNotice
from .views_opened import attached
from .wording import advice, faults

_FIELDS = {
    "kind": "sort",
    "basis": "sort",
    "basis_words": "sort",
    "until_on": "last_day",
    "choices": "answers",
}


@require_GET
@access(doors.sees_any)
def index(request: HttpRequest) -> HttpResponse:
    """What was sent in the name of one's places; twenty to a page, found by the title."""
    words = request.GET.get("q", "")[:40]
    page = queries_lists.sent_page(request.actor, words, request.GET.get("page", "1"), today())
    desks = queries_lists.desks_of(request.actor, today())
    shown = {"page": page, "words": words, "desks": desks, "floor": queries_lists.FLOOR}
    return render(request, "notices/index.html", shown)


@require_http_methods(["GET", "POST"])
@access(doors.writes_here)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """First its effect is shown; sent only by the second button, with the same words."""
    return _writing(request, request.granted, None)


@require_http_methods(["GET", "POST"])
@access(doors.steers)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The corrected notice is written like a new one, and takes the other's place."""
    desk = queries_lists.desk_for(request.actor, request.granted.place_id, today())
    return _writing(request, desk, request.granted)


def _writing(request: HttpRequest, desk: Desk, wrong: Notice | None) -> HttpResponse:
    form = _form(request, desk, wrong)
    context = {"desk": desk, "wrong": wrong, "budget": weekly_budget()}
    if request.method == "POST" and form.is_valid():
        new = form.notice(_classes(form, desk))
        if "send" in request.POST:
            sent = _written(form, lambda: _send(request, form, new, wrong))
            if sent is not None:
                messages.success(request, _("已发出。"))
                return redirect("notices:notice", sent.pk)
        elif _written(form, lambda: _checked(new)):
            context |= _preview(new)
    status = 400 if form.is_bound and form.errors else 200
    context |= {"form": form, "drafts": DRAFTS.values()}
    return render(request, "notices/write.html", context, status=status)


def _form(request: HttpRequest, desk: Desk, wrong: Notice | None) -> NoticeForm:
    choices = queries_lists.audience_of(desk, today())
    if request.method == "POST":
        return NoticeForm(desk, choices, request.POST, request.FILES)
    first = first_values(request.GET.get("draft", ""), today())
    if wrong is not None:
        first |= queries_lists.as_typed(wrong)
    return NoticeForm(desk, choices, initial=first)


def _classes(form: NoticeForm, desk: Desk) -> list[int]:
    chosen = form.cleaned_data["audience"]
    if desk.is_campaign:
        return queries_lists.classes_of_schools(chosen, today())
    if desk.place.kind == "school":
        return chosen or [pk for pk, _name in queries_lists.audience_of(desk, today())]
    return [desk.place.pk]


def _checked(new: NewNotice) -> bool:
    """What sending would refuse, said before."""
    check_notice(new, today())
    for fault in faults(new.title, new.words):
        raise NoticeFault(f"“{fault.found}”：{fault.message}", "words")
    return True


def _send(request: HttpRequest, form: NoticeForm, new: NewNotice, wrong: Notice | None) -> Notice:
    key = form.cleaned_data["key"] or form.fields["key"].initial
    if wrong is not None:
        return actions.correct(wrong, new, at=now(), key=key, by=request.actor)
    return actions.send(new, at=now(), key=key, by=request.actor)


def _preview(new: NewNotice) -> dict:
    return {
        "effect": effect_of(new, now()),
        "ease": ease(new.words),
        "advice": advice(new.words),
        "seconds": seconds_to_read(new.title, new.words, asks=new.kind != "to_know"),
        "quiet": QUIET,
        "digest": DIGEST,
        "new": new,
    }


def _written(form: NoticeForm, deed: Callable):
    """What the deed returns; None where it refused, with its words in the form."""
    try:
        return deed()
    except NoticeFault as fault:
        name = _FIELDS.get(fault.field, fault.field)
        form.add_error(name if name in form.fields else None, str(fault))
        return None


@require_GET
@access(doors.reads)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    context = {"it": request.granted, "withdraw_form": WithdrawForm(), "moment": now()}
    context["floor"] = queries_lists.FLOOR
    context["attachments"] = queries.attachments_of([pk])
    if request.granted.unreached is not None:
        shown_now = len(request.granted.unreached.object_list)
        actions.read_unreached(request.granted.notice, shown_now, by=request.actor)
    if count := request.granted.names_shown:
        actions.read_answers(request.granted.notice, count, by=request.actor)
    return render(request, "notices/notice.html", context)


@require_GET
@access(doors.has_answers)
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answered what, to take along."""
    sheet = actions.export_answers(request.granted, on=today(), by=request.actor)
    return download(sheet, f"notice-{pk}-{today():%Y%m%d}.xlsx")


@require_GET
@access(doors.reads)
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    return attached(queries.attachment(pk, number), number)


@require_POST
@access(doors.steers)
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Only the unreached, within their budget."""
    try:
        done = actions.remind(request.granted, at=now(), by=request.actor)
    except NoticeFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(
            request,
            _("会再响%(sound)d家；%(wait)d家这周已满，写进周四的信里；%(full)d家等不到，请当面说。")
            % {"sound": done.sound, "wait": done.wait, "full": done.full},
        )
    return redirect("notices:notice", pk)


@require_POST
@access(doors.steers)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    form = WithdrawForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        actions.withdraw(request.granted, reason, at=now(), by=request.actor)
    except NoticeFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("已撤回。还没送到的不再送；已经看到的会看到撤回和原因。"))
    return redirect("notices:notice", pk)


@require_POST
@access(doors.settles)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actions.settle(request.granted, by=request.actor)
    except NoticeFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("记下了：已另行处理。"))
    return redirect("notices:index")


@require_GET
@access(doors.in_the_demo)
def shown(request: HttpRequest) -> HttpResponse:
    """What would have been sent, had this not been the demo city."""
    return render(request, "notices/shown.html", {"rows": shown_channel.latest()})
