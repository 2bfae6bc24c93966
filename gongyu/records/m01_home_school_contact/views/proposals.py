"""A proposal on the teacher's side: slips to hand out, the answer given by telephone, withdrawal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.shared_work.family_links.slips import qr_code

from ..actions import answer_for_family, make_link, note_reading, withdraw_proposal
from ..forms import AnswerForm
from ..models import Proposal
from ..queries.links import first_slips, slips_of
from ..queries.work import proposals_for
from ..rules import VisitFault
from . import doors


@require_GET
@access(doors.proposal_read)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    found: Proposal = request.granted
    note_reading("proposal.read", ("proposal", pk), by=request.actor, place_id=found.class_place_id)
    slips = [_printable(request, slip) for slip in slips_of(found, today())]
    form = AnswerForm(found, by_teacher=True)
    return render(
        request, "visits/proposal.html", {"proposal": found, "slips": slips, "form": form}
    )


@require_GET
@access(doors.class_named)
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """All slips of a class that wait for an answer, one for each family's first carer, to print."""
    note_reading("class.read", ("class", pk), by=request.actor, place_id=pk)
    waiting = proposals_for(request.actor, pk, today())
    made = [_printable(request, slip) for slip in first_slips(waiting, today())]
    return render(request, "visits/slips.html", {"place": request.granted, "slips": made})


@require_POST
@access(doors.proposal_read)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    carer = request.POST.get("carer", "")
    try:
        make_link(
            request.granted,
            int(carer) if carer.isdecimal() and len(carer) < 19 else 0,
            on=today(),
            by=request.actor,
        )
    except VisitFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("新的链接已生成，原来的不再有效。"))
    return redirect("visits:proposal", pk)


@require_http_methods(["POST"])
@access(doors.proposal_read)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the family said by telephone or at the gate."""
    form = AnswerForm(request.granted, request.POST, by_teacher=True)
    if form.is_valid():
        try:
            answer_for_family(request.granted, form.answer(), on=today(), by=request.actor)
        except VisitFault as fault:
            messages.error(request, str(fault))
        else:
            messages.success(request, _("家长的答复已记下。"))
        return redirect("visits:proposal", pk)
    slips = [_printable(request, slip) for slip in slips_of(request.granted, today())]
    context = {"proposal": request.granted, "slips": slips, "form": form}
    return render(request, "visits/proposal.html", context)


@require_POST
@access(doors.proposal_read)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        withdraw_proposal(request.granted, by=request.actor)
    except VisitFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("已撤回，链接不再有效。"))
    return redirect("visits:class", request.granted.class_place_id)


def _printable(request: HttpRequest, slip) -> dict:
    url = ""
    if slip.token:
        url = request.build_absolute_uri(reverse("visits:answer", args=[slip.token]))
    return {
        "carer": slip.carer,
        "proposal": slip.proposal,
        "url": url,
        "qr": qr_code(url) if url else "",
    }
