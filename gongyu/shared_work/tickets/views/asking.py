"""Tell in two taps and follow with number and code: no sign-in, no script, nothing kept in browsers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import now, today

from .. import actions, queries, receipts
from ..forms import FollowForm, ReopenForm, SayForm, TellForm
from ..limits import note_miss, note_told, told_too_often, too_many_misses
from ..queries.following import Followed
from ..queries.places import SchoolToTell
from ..rules import TicketFault
from ..shapes import Receipt


@require_safe
@access(everyone)
def choose(request: HttpRequest) -> HttpResponse:
    """Which school: by a part of its name, or by its district."""
    words = request.GET.get("q", "")
    context = {
        "words": words[:20],
        "found": queries.schools_found(words, today()),
        "districts": queries.districts_to_choose(today()),
    }
    return render(request, "tickets/choose.html", context)


@require_safe
@access(everyone)
def district(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.schools_of_district(pk, today())
    if found is None:
        raise Http404
    return render(request, "tickets/district.html", {"place": found[0], "schools": found[1]})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what it is about, and it is told. Who is signed in is not looked at."""
    school = queries.school_to_tell(pk, today())
    if school is None:
        raise Http404
    address = request.META.get("REMOTE_ADDR", "")
    form = TellForm(request.POST or None, school=school)
    status = 200
    if form.is_bound and form.is_valid():
        if told_too_often(address):
            form.add_error(
                None,
                _("这里一小时内收到的投诉太多了。请过一会儿再按一次，写的都还在；急事请打12345。"),
            )
            status = 429
        else:
            receipt = _told(form)
            if receipt is not None:
                note_told(address)
                return _receipt(request, receipt, school)
    return render(request, "tickets/tell.html", {"form": form, "school": school}, status=status)


def _told(form: TellForm) -> Receipt | None:
    try:
        return actions.tell(form.told(), at=now(), key=form.cleaned_data["key"])
    except TicketFault as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return None


def _receipt(request: HttpRequest, receipt: Receipt, school: SchoolToTell) -> HttpResponse:
    found = queries.ticket_by_receipt(receipt.number, receipt.code)
    context = {
        "number": receipts.shown_number(receipt.number),
        "code": receipt.code,
        "page": queries.followed(found, today()),
        "school": school,
    }
    return render(request, "tickets/told.html", context)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code travel in the body alone. A wrong number and a wrong code are one answer."""
    form = FollowForm(request.POST if "number" in request.POST else None)
    if not (form.is_bound and form.is_valid()):
        return render(request, "tickets/follow.html", {"form": form})
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    page = actions.follow(number, code, at=now())
    if page is None:
        return _missed(request, form)
    said = _Said(request, page)
    if said.taken:
        page = actions.follow(number, code, at=now())
    context = {"page": page, "form": form, "say": said.say, "reopen": said.reopen}
    return render(request, "tickets/followed.html", context)


def _missed(request: HttpRequest, form: FollowForm) -> HttpResponse:
    address, status = request.META.get("REMOTE_ADDR", ""), 200
    if too_many_misses(address):
        status = 429
        form.add_error(None, _("试的次数太多了，请过十分钟再试。"))
    else:
        note_miss(address)
        form.add_error(None, _("没有找到。编号和查询码要一起对上，请核对后再试。"))
    return render(request, "tickets/follow.html", {"form": form}, status=status)


class _Said:
    """What the asker says about the answer, if anything; the forms keep what was typed."""

    def __init__(self, request: HttpRequest, page: Followed):
        step = request.POST.get("step", "")
        self.say = SayForm(request.POST if step == "say" else None, prefix="say")
        self.reopen = ReopenForm(request.POST if step == "reopen" else None, prefix="again")
        self.taken = self._took(page)
        if self.taken:
            self.say, self.reopen = SayForm(prefix="say"), ReopenForm(prefix="again")

    def _took(self, page: Followed) -> bool:
        form = self.say if self.say.is_bound else self.reopen
        if not (form.is_bound and form.is_valid()):
            return False
        data = form.cleaned_data
        try:
            if form is self.say:
                content = data["content"] == "yes"
                actions.say_content(page.ticket, content, words=data["words"], at=now())
            else:
                actions.reopen(page.ticket, words=data["words"], at=now())
        except TicketFault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
            return False
        return True
