"""A matter on the school's side: read, counted, stopped. Only a member files and settles one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today

from .. import actions, forbidden, rules
from ..forms.work import StopForm
from ..queries.committees import account_of, title_of
from . import doors, handling


@require_GET
@access(doors.matter_read)
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    found = request.granted
    context = {
        "account": account_of(found, today()),
        "name": title_of(found.committee),
        "keeps": rules.may_keep_committee(request.actor, found.committee, today()),
        "stops": rules.may_stop_matter(request.actor, found, today()),
        "can_count": found.status == "asking" and today() > found.poll.last_on,
    }
    return render(request, "committees/matter.html", context)


@require_POST
@access(doors.matter_kept)
def count(request: HttpRequest, pk: int) -> HttpResponse:
    handling.tried(
        request,
        lambda: actions.count_matter(request.granted, on=today(), by=request.actor),
        _("已统计，结果家长也能看到。"),
    )
    return redirect("committees:matter", pk)


@require_http_methods(["GET", "POST"])
@access(doors.matter_stopped)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice's own sentence stands ready as the reason."""
    form = StopForm(
        request.POST or None, initial={"reason": _("方案要求：%s") % forbidden.clause()}
    )
    if request.POST and handling.done(
        form,
        lambda: actions.stop_matter(
            request.granted, reason=form.cleaned_data["reason"], on=today(), by=request.actor
        ),
    ):
        messages.success(request, _("已叫停。"))
        return redirect("committees:matter", pk)
    committee = request.granted.committee
    context = {
        "form": form,
        "title": _("叫停这件事"),
        "committee": committee,
        "name": title_of(committee),
    }
    return render(request, "committees/form.html", context)
