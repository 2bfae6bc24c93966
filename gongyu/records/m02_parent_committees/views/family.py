"""A family's page behind its link: no sign-in, no script needed, nothing about any other family."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import today
from gongyu.shared_work.family_links.limits import note_miss, too_many_misses

from .. import actions
from ..forms.family import BallotForm, CodeForm, MatterAnswerForm, NameForm, StandForm
from ..queries.families_pages import FamilyPage, OfCommittee, family_page, family_picture
from ..rules import CommitteeFault, LinkClosed
from . import handling

_DONE = {
    "vote": "voted",
    "stand": "standing",
    "name": "named",
    "decline": "declined",
}


@never_cache
@require_http_methods(["GET", "POST"])
@access(everyone)
def code(request: HttpRequest) -> HttpResponse:
    """Whoever cannot scan types the letters of the slip, on any device."""
    form = CodeForm(request.POST or None)
    if request.POST and form.is_valid() and form.cleaned_data["code"]:
        return redirect("committees:family", form.cleaned_data["code"])
    return render(request, "committees/code.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def family(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link uses nothing up. Each question is answered once."""
    page = family_page(token, today())
    if page is None:
        return _missed(request)
    step = request.POST.get("step", "")
    forms = _forms(page, request.POST if request.method == "POST" else None)
    fault = ""
    if step in _DONE:
        try:
            if _taken(request, token, page, forms):
                return redirect(f"{request.path}?done={_DONE[step]}")
        except LinkClosed:
            return _missed(request)
        except CommitteeFault as refused:
            fault = str(refused)
            page = family_page(token, today()) or page
    said = request.GET.get("done", "")
    context = {
        "page": page,
        "rows": [(of, forms.get(of.page.committee.pk, {})) for of in page.committees],
        "fault": fault,
        "said": said if said in _DONE.values() else "",
        "token": token,
        "on": today(),
    }
    return render(request, "committees/family.html", context)


@never_cache
@require_GET
@access(everyone)
def picture(request: HttpRequest, token: str, pk) -> HttpResponse:
    return handling.picture(family_picture(token, pk, today()))


def _forms(page: FamilyPage, sent) -> dict[int, dict]:
    """{committee: its forms by name}; only the one that was sent is filled."""
    return {of.page.committee.pk: _forms_of(of, sent) for of in page.committees}


def _forms_of(of: OfCommittee, sent) -> dict:
    found: dict = {}
    asked = str(of.page.committee.pk)
    mine = sent if sent is not None and sent.get("committee") == asked else None

    def filled(step: str):
        return mine if mine is not None and mine.get("step") == step else None

    def is_asked(question) -> bool:
        return mine is not None and mine.get("poll") == str(question.poll.pk)

    if of.question and of.question.state == "open":
        data = filled("vote") if is_asked(of.question) else None
        found["ballot"] = BallotForm(of.question, data)
    if of.matter and of.matter.state == "open":
        data = filled("vote") if is_asked(of.matter) else None
        found["matter"] = MatterAnswerForm(of.matter, data)
    if of.nominating:
        found["stand"] = StandForm(filled("stand"))
        found["name"] = NameForm(filled("name"))
    return found


def _taken(request: HttpRequest, token: str, page: FamilyPage, forms: dict) -> bool:
    """Whether the step was taken; False leaves the form with its words."""
    asked = request.POST.get("committee", "")
    of = next((c for c in page.committees if str(c.page.committee.pk) == asked), None)
    if of is None:
        return False
    own = forms[of.page.committee.pk]
    if request.POST["step"] == "vote":
        return _voted(token, of, own)
    election = of.page.election
    if election is None:
        return False
    if request.POST["step"] == "decline":
        if of.own is None:
            return False
        actions.answer_nomination(token, of.own.pk, accepts=False, on=today())
        return True
    form = own.get(request.POST["step"])
    if form is None or not form.is_valid():
        return False
    if request.POST["step"] == "stand":
        actions.nominate_oneself(token, election.pk, **form.cleaned_data, on=today())
    else:
        actions.nominate_another(token, election.pk, **form.cleaned_data, on=today())
    return True


def _voted(token: str, of: OfCommittee, own: dict) -> bool:
    for name, question in (("ballot", of.question), ("matter", of.matter)):
        form = own.get(name)
        if form is None or not form.is_bound:
            continue
        if not form.is_valid():
            return False
        actions.cast(token, question.poll.pk, form.answer(), on=today())
        return True
    # The page was open for long: the question is closed or answered meanwhile.
    return False


def _missed(request: HttpRequest) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR", "")
    if too_many_misses(address):
        return _closed(request, status=429)
    note_miss(address)
    return _closed(request)


def _closed(request: HttpRequest, status: int = 404) -> HttpResponse:
    # Wrong, too old, barred, no longer in the class: one page, word for word.
    return render(request, "committees/link_closed.html", status=status)
