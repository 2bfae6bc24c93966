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
from ..queries.links import AtHome
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
    try:
        context = turn(request, token)
    except LinkClosed:
        return _missed(request)
    if context is None:
        return again(request)
    return render(request, "committees/family.html", context | {"token": token})


def turn(request: HttpRequest, key: str | AtHome) -> dict | None:
    """What the page shows after this request; None when a step was taken and the page is asked for
    anew. Raises LinkClosed where the key opens nothing."""
    page = family_page(key, today())
    if page is None:
        raise LinkClosed
    forms = _forms(page, request.POST if request.method == "POST" else None)
    fault = ""
    if request.POST.get("step", "") in _DONE:
        try:
            if _taken(request, key, page, forms):
                return None
        except CommitteeFault as refused:
            fault = str(refused)
            page = family_page(key, today()) or page
    said = request.GET.get("done", "")
    return {
        "page": page,
        "rows": [(of, forms.get(of.page.committee.pk, {})) for of in page.committees],
        "fault": fault,
        "said": said if said in _DONE.values() else "",
        "on": today(),
    }


def again(request: HttpRequest) -> HttpResponse:
    """The page anew, with a word of thanks; a reload answers nothing twice."""
    return redirect(f"{request.path}?done={_DONE[request.POST['step']]}")


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


def _taken(request: HttpRequest, key: str | AtHome, page: FamilyPage, forms: dict) -> bool:
    """Whether the step was taken; False leaves the form with its words."""
    asked = request.POST.get("committee", "")
    of = next((c for c in page.committees if str(c.page.committee.pk) == asked), None)
    if of is None:
        return False
    own = forms[of.page.committee.pk]
    if request.POST["step"] == "vote":
        return _voted(key, of, own)
    election = of.page.election
    if election is None:
        return False
    if request.POST["step"] == "decline":
        if of.own is None:
            return False
        actions.answer_nomination(key, of.own.pk, accepts=False, on=today())
        return True
    form = own.get(request.POST["step"])
    if form is None or not form.is_valid():
        return False
    if request.POST["step"] == "stand":
        actions.nominate_oneself(key, election.pk, **form.cleaned_data, on=today())
    else:
        actions.nominate_another(key, election.pk, **form.cleaned_data, on=today())
    return True


def _voted(key: str | AtHome, of: OfCommittee, own: dict) -> bool:
    for name, question in (("ballot", of.question), ("matter", of.matter)):
        form = own.get(name)
        if form is None or not form.is_bound:
            continue
        if not form.is_valid():
            return False
        actions.cast(key, question.poll.pk, form.answer(), on=today())
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
