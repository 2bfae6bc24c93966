"""The pages of the desk: the tray, one ticket with everything that may be done about it, the sheet."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today

from .. import actions, queries
from ..forms import (
    AnswerForm,
    ExtendForm,
    HandOverForm,
    NoteForm,
    RefuseMoreForm,
    RejectForm,
    SendOnForm,
    TrayForm,
    TryForm,
    WordsForm,
)
from ..models import Ticket
from ..queries import TicketPage
from ..rules import TicketFault
from . import doors

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@access(doors.has_a_desk)
def index(request: HttpRequest) -> HttpResponse:
    form = TrayForm(request.GET)
    tray = actions.list_tickets(form.asked(), on=today(), by=request.actor)
    return render(request, "tickets/index.html", {"tray": tray, "form": form})


@require_safe
@access(doors.has_a_desk)
def export(request: HttpRequest) -> HttpResponse:
    asked = TrayForm(request.GET).asked()
    sheet = actions.export_tickets(asked, on=today(), by=request.actor)
    answer = HttpResponse(sheet, content_type=SHEET)
    answer["Content-Disposition"] = f'attachment; filename="tickets-{today():%Y%m%d}.xlsx"'
    return answer


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access(doors.ticket_in_reach)
def ticket(request: HttpRequest, token: str) -> HttpResponse:
    """One ticket. Each step is a form of its own; a refused one keeps what was typed."""
    found: Ticket = request.granted
    page = actions.read_ticket(found, on=today(), by=request.actor)
    forms = forms_of(page, request)
    step = request.POST.get("step", "")
    if request.method == "POST" and step in page.can:
        if _took(request, found, step, forms.get(step)):
            messages.success(request, DONE[step])
            # A ticket that was handed over for good is no longer here.
            still = queries.ticket_for(request.actor, token, today())
            return redirect("tickets:ticket", token) if still else redirect("tickets:index")
    elif request.method == "POST":
        messages.error(request, _("这一步现在不能办，页面可能旧了。请看现在的状态。"))
        return redirect("tickets:ticket", token)
    return render(request, "tickets/ticket.html", {"page": page, "forms": forms})


DONE = {
    "accept": gettext_lazy("已受理，投诉人用编号就看得到。"),
    "begin": gettext_lazy("已开始办理，由您的岗位负责。"),
    "note": gettext_lazy("已记下，投诉人看不到。"),
    "ask_more": gettext_lazy("已请求延长。批准以前，期限照样计算。"),
    "refuse_more": gettext_lazy("已告知办理人，期限不变。"),
    "extend": gettext_lazy("已延长，理由投诉人看得到。"),
    "answer": gettext_lazy("已答复。30日内投诉人可以要求继续办理。"),
    "reject": gettext_lazy("已告知不予受理。"),
    "send_on": gettext_lazy("已转送并告知。"),
    "hand_over": gettext_lazy("已提出移交。对方接收以前，仍由这里负责。"),
    "take": gettext_lazy("已接收，从现在起由这里负责。"),
    "give_back": gettext_lazy("已退回，并写明了理由。"),
    "keep": gettext_lazy("已取消移交。"),
    "try": gettext_lazy("拨测结果已记下。"),
}


def forms_of(page: TicketPage, request: HttpRequest) -> dict[str, Form]:
    """A form for each step that may be taken; the one that was sent holds what was typed."""
    step = request.POST.get("step", "") if request.method == "POST" else ""
    most = page.extension.most_days - page.extended
    makers: dict[str, Callable[..., Form]] = {
        "accept": WordsForm,
        "begin": WordsForm,
        "note": NoteForm,
        "answer": AnswerForm,
        "reject": RejectForm,
        "send_on": SendOnForm,
        "give_back": NoteForm,
        "try": TryForm,
        "refuse_more": RefuseMoreForm,
        "ask_more": lambda *args, **more: ExtendForm(*args, most=most, **more),
        "extend": lambda *args, **more: ExtendForm(
            *args,
            most=most,
            initial={"days": page.ticket.asked_days, "words": page.ticket.asked_why},
            **more,
        ),
        "hand_over": lambda *args, **more: HandOverForm(
            *args, desks=queries.desks_to_choose(page.ticket, today()), **more
        ),
    }
    return {
        name: make(request.POST if name == step else None, prefix=name.replace("_", "-"))
        for name, make in makers.items()
        if name in page.can
    }


def _took(request: HttpRequest, found: Ticket, step: str, form: Form | None) -> bool:
    if form is not None and not form.is_valid():
        return False
    try:
        _take(step, found, form, request)
    except TicketFault as fault:
        if form is None:
            messages.error(request, str(fault))
            return False
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return False
    return True


def _take(step: str, found: Ticket, form: Form | None, request: HttpRequest) -> None:
    told = {"at": now(), "by": request.actor}
    data = form.cleaned_data if form is not None else {}
    words = data.get("words", "")
    deeds: dict[str, Callable[[], object]] = {
        "accept": lambda: actions.accept(found, words=words, **told),
        "begin": lambda: actions.begin(found, words=words, **told),
        "note": lambda: actions.note(found, words=words, **told),
        "ask_more": lambda: actions.ask_more(found, data["days"], reason=words, **told),
        "refuse_more": lambda: actions.refuse_more(found, words=words, **told),
        "extend": lambda: actions.extend(found, data["days"], reason=words, **told),
        "answer": lambda: actions.answer(found, form.answer(), **told),
        "reject": lambda: actions.reject(found, data["reason"], words=words, **told),
        "send_on": lambda: actions.send_on(found, form.sent(), **told),
        "hand_over": lambda: actions.hand_over(found, form.chosen(), words=words, **told),
        "take": lambda: actions.take(found, **told),
        "give_back": lambda: actions.give_back(found, words=words, **told),
        "keep": lambda: actions.keep(found, **told),
        "try": lambda: actions.finish_trial(
            found, works=data["works"] == "yes", words=words, **told
        ),
    }
    deeds[step]()
