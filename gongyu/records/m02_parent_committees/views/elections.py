"""An election on the school's side: called, candidates, the vote opened, counted, called off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today

from .. import actions
from ..forms.elections import ByElectionForm, CallForm, NominationForm, ReasonForm, RunOffForm
from ..queries.committees import committee_page, title_of
from ..queries.elections import election_page
from . import doors, handling


@require_http_methods(["GET", "POST"])
@access(doors.committee_kept)
def call(request: HttpRequest, pk: int) -> HttpResponse:
    form = CallForm(request.POST or None, on=today())
    made = []
    if request.POST and handling.done(
        form,
        lambda: made.append(
            actions.call_election(request.granted, form.called(), on=today(), by=request.actor)
        ),
    ):
        messages.success(request, _("选举已发起，家长打开链接就能提名。"))
        return redirect("committees:election", made[0].pk)
    return _form(request, form, _("发起选举"), request.granted)


@require_http_methods(["GET", "POST"])
@access(doors.term_kept)
def by_election(request: HttpRequest, pk: int) -> HttpResponse:
    term = request.granted
    empty = committee_page(term.committee, today(), names=False).empty_seats
    form = ByElectionForm(request.POST or None, on=today(), empty=empty)
    made = []
    if request.POST and handling.done(
        form,
        lambda: made.append(
            actions.call_by_election(term, **form.cleaned_data, on=today(), by=request.actor)
        ),
    ):
        messages.success(request, _("补选已发起。"))
        return redirect("committees:election", made[0].pk)
    return _form(request, form, _("补选"), term.committee)


@require_GET
@access(doors.election_kept)
def election(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, None)


@require_POST
@access(doors.election_kept)
def nominate(request: HttpRequest, pk: int) -> HttpResponse:
    """A nomination from paper; or the parent is looked for first, in the body, for a name belongs in
    no address."""
    if "find" in request.POST:
        return _page(request, None, request.POST.get("q", "")[:20])
    page = election_page(request.granted, today())
    form = NominationForm(request.POST, eligible=page.eligible)
    if handling.done(
        form,
        lambda: actions.enter_nomination(
            request.granted,
            form.cleaned_data["carer"],
            accepted=form.cleaned_data["accepted"],
            on=today(),
            by=request.actor,
        ),
    ):
        messages.success(request, _("提名已记下。"))
        return redirect("committees:election", pk)
    return _page(request, form)


@require_POST
@access(doors.candidate_kept)
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """One step with a candidate: whom a name means, what the person said, or left out."""
    named = request.granted
    step, carer = request.POST.get("step", ""), request.POST.get("carer", "")
    deeds = {
        "match": lambda: actions.enter_nomination(
            named.election,
            int(carer) if carer.isdecimal() and len(carer) < 19 else 0,
            accepted=False,
            candidate=named,
            on=today(),
            by=request.actor,
        ),
        "accept": lambda: actions.answer_for_candidate(
            named, accepts=True, on=today(), by=request.actor
        ),
        "decline": lambda: actions.answer_for_candidate(
            named, accepts=False, on=today(), by=request.actor
        ),
        "drop": lambda: actions.drop_candidate(named, on=today(), by=request.actor),
    }
    if step in deeds:
        handling.tried(request, deeds[step], _("已记下。"))
    return redirect("committees:election", named.election_id)


@require_POST
@access(doors.election_kept)
def open_vote(request: HttpRequest, pk: int) -> HttpResponse:
    handling.tried(
        request,
        lambda: actions.open_vote(request.granted, on=today(), by=request.actor),
        _("投票开始了。选票上的顺序由抽签决定。"),
    )
    return redirect("committees:election", pk)


@require_POST
@access(doors.election_kept)
def count(request: HttpRequest, pk: int) -> HttpResponse:
    handling.tried(
        request,
        lambda: actions.count_election(request.granted, on=today(), by=request.actor),
        _("已计票，票箱已清空。结果家长也能看到。"),
    )
    return redirect("committees:election", pk)


@require_http_methods(["GET", "POST"])
@access(doors.election_kept)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.POST and handling.done(
        form,
        lambda: actions.cancel_election(
            request.granted, reason=form.cleaned_data["reason"], on=today(), by=request.actor
        ),
    ):
        messages.success(request, _("选举已取消，没有开票。"))
        return redirect("committees:committee", request.granted.committee_id)
    return _form(request, form, _("取消选举"), request.granted.committee)


@require_http_methods(["GET", "POST"])
@access(doors.election_kept)
def run_off(request: HttpRequest, pk: int) -> HttpResponse:
    form = RunOffForm(request.POST or None, initial={"vote_until": today()})
    made = []
    if request.POST and handling.done(
        form,
        lambda: made.append(
            actions.open_run_off(
                request.granted,
                vote_until=form.cleaned_data["vote_until"],
                on=today(),
                by=request.actor,
            )
        ),
    ):
        messages.success(request, _("再次投票开始了。"))
        return redirect("committees:election", made[0].pk)
    return _form(request, form, _("得票相同，再次投票"), request.granted.committee)


def _page(request: HttpRequest, form, words: str = "") -> HttpResponse:
    page = election_page(request.granted, today())
    if form is None:
        form = NominationForm(eligible=page.eligible, words=words)
    context = {"page": page, "form": form, "words": words}
    return render(request, "committees/election.html", context)


def _form(request: HttpRequest, form, title: str, of) -> HttpResponse:
    context = {"form": form, "title": title, "committee": of, "name": title_of(of)}
    return render(request, "committees/form.html", context)
