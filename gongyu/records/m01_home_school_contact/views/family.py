"""The family's one-time page: no sign-in, no script needed, nothing about anybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import today
from gongyu.ground.families.doors import access as family_access
from gongyu.shared_work.family_links.limits import note_miss, too_many_misses

from ..actions import FAMILY, LinkClosed, answer_at_home, answer_by_link
from ..forms import AnswerForm
from ..queries.at_home import proposal_at_home
from ..queries.links import FamilyPage, family_page
from ..rules import VisitFault


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link uses nothing up; only sending the answer does."""
    address = request.META.get("REMOTE_ADDR", "")
    page = family_page(token, today())
    if page is None:
        if too_many_misses(address):
            return _closed(request, status=429)
        note_miss(address)
        return _closed(request)
    form = AnswerForm(page.proposal, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answered = answer_by_link(token, form.answer(), on=today(), by=FAMILY)
        except LinkClosed:
            return _closed(request)
        except VisitFault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            return render(request, "visits/answered.html", {"page": page, "proposal": answered})
    return render(request, "visits/answer.html", {"page": page, "form": form})


def _closed(request: HttpRequest, status: int = 404) -> HttpResponse:
    # Wrong, used, too old, withdrawn, barred: one page, word for word.
    return render(request, "visits/link_closed.html", status=status)


def _own_proposal(request: HttpRequest, pk: int) -> FamilyPage | None:
    return proposal_at_home(request.family, pk, today())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@family_access(_own_proposal)
def at_home(request: HttpRequest, pk: int) -> HttpResponse:
    """The same question on the family's own pages."""
    page = request.granted
    form = AnswerForm(page.proposal, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answered = answer_at_home(
                page.proposal, form.answer(), on=today(), by=request.family.actor
            )
        except VisitFault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            return render(request, "visits/answered.html", {"page": page, "proposal": answered})
    return render(request, "visits/answer.html", {"page": page, "form": form})
