"""Slips: printed, handed over by a named person, ticked off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today

from . import actions, doors, queries_lists
from .forms import HandForm
from .rules import NoticeFault


@require_GET
@access(doors.hands_over)
def slips(request: HttpRequest) -> HttpResponse:
    """What waits for the reader; the same page is the paper."""
    rows = queries_lists.slips(request.actor, today())
    actions.read_slips(len(rows), by=request.actor)
    return render(request, "notices/slips.html", {"slips": rows})


@require_POST
@access(doors.hands_this)
def hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Ticked off, with what the family said where it said something."""
    delivery = request.granted
    form = HandForm(list(delivery.notice.choices) or [_("知道了")], request.POST)
    try:
        if not form.is_valid():
            raise NoticeFault(_("请选择一个答案，或者不选。"))
        actions.hand_over(delivery, form.cleaned_data["choice"], at=now(), by=request.actor)
    except NoticeFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("记下了：已当面送到。"))
    return redirect("notices:slips")
