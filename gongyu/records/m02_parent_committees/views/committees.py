"""The committees of a class or a school: found, read, elected, kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.shared_work.family_links.slips import qr_code

from .. import actions, rules
from ..forms.elections import EndTermForm, LeaveForm, MeetingForm, OfficeForm, ids_in
from ..forms.work import PaperForm
from ..queries import committees, districts, families, links
from . import doors, handling


@require_GET
@access(doors.works)
def index(request: HttpRequest) -> HttpResponse:
    place = districts.first_district(request.actor, today())
    if place is not None:
        return redirect("committees:district", place.pk)
    context = {
        "lines": committees.lines_visible_to(request.actor, today()),
        "to_found": committees.to_found(request.actor, today()),
        "classes": [p for p in rules.places_kept(request.actor, today()) if p.kind == "class"],
    }
    return render(request, "committees/index.html", context)


@require_POST
@access(doors.place_kept)
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """Set up a committee, empty as yet: `level`, and for a grade one of its classes."""
    of = request.POST.get("of", "")
    one = int(of) if of.isdecimal() and len(of) < 19 else 0
    try:
        made = actions.found_committee(
            request.POST.get("level", ""),
            request.granted,
            grade_of=committees.class_for_grade(pk, one),
            on=today(),
            by=request.actor,
        )
    except rules.CommitteeFault as fault:
        messages.error(request, str(fault))
        return redirect("committees:index")
    return redirect("committees:committee", made.pk)


@require_GET
@access(doors.committee_read)
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    found = request.granted
    names = rules.reads_names(request.actor, found, today())
    context = {
        "page": committees.committee_page(found, today(), names=names),
        "names": names,
        "keeps": rules.may_keep_committee(request.actor, found, today()),
        "inspects": rules.may_inspect(request.actor, found, today()),
        "answers": rules.may_answer_for_school(request.actor, found, today()),
        "on": today(),
        "offices": OfficeForm().fields["office"].choices,
        "reasons": LeaveForm().fields["left"].choices,
    }
    return render(request, "committees/committee.html", context)


@require_http_methods(["GET", "POST"])
@access(doors.committee_kept)
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter who was chosen at a meeting."""
    eligible = families.eligible_carers(request.granted, today())
    sent = request.POST
    ticked = ids_in(sent.getlist("carers"))
    known = {"on": today(), "eligible": eligible, "ticked": ticked}
    if "find" in sent:
        # What was typed stays; nothing is judged before it is saved.
        typed = {name: sent[name] for name in MeetingForm.base_fields if name in sent}
        words = typed.pop("look_for", "")
        form = MeetingForm(initial={**typed, "carers": ticked}, words=words, **known)
        return _form(request, form, _("登记会议推选的结果"), request.granted)
    form = MeetingForm(sent or None, **known)
    if request.POST and handling.done(
        form,
        lambda: actions.seat_by_meeting(
            request.granted,
            form.called(),
            form.cleaned_data["carers"],
            on=today(),
            by=request.actor,
        ),
    ):
        messages.success(request, _("已登记，任期开始。"))
        return redirect("committees:committee", pk)
    return _form(request, form, _("登记会议推选的结果"), request.granted)


@require_http_methods(["GET", "POST"])
@access(doors.committee_kept)
def put_up(request: HttpRequest, pk: int) -> HttpResponse:
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        initial={"on": today(), "key": handling.fresh_key()},
    )
    if request.POST and handling.done(
        form,
        lambda: actions.put_up_paper(request.granted, form.entry(), on=today(), by=request.actor),
    ):
        messages.success(request, _("已公开，家长打开链接就能看到。"))
        return redirect("committees:committee", pk)
    return _form(request, form, _("公开计划、纪要或活动"), request.granted)


@require_http_methods(["GET", "POST"])
@access(doors.term_kept)
def end_term(request: HttpRequest, pk: int) -> HttpResponse:
    form = EndTermForm(request.POST or None, initial={"until_on": today()})
    if request.POST and handling.done(
        form,
        lambda: actions.end_term(
            request.granted, **form.cleaned_data, on=today(), by=request.actor
        ),
    ):
        messages.success(request, _("任期已结束，记录保留。"))
        return redirect("committees:committee", request.granted.committee_id)
    return _form(request, form, _("提前结束任期"), request.granted.committee)


@require_POST
@access(doors.member_kept)
def office(request: HttpRequest, pk: int) -> HttpResponse:
    handling.tried(
        request,
        lambda: actions.set_office(
            request.granted, request.POST.get("office", ""), on=today(), by=request.actor
        ),
        _("职务已记下。"),
    )
    return redirect("committees:committee", request.granted.term.committee_id)


@require_POST
@access(doors.member_kept)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    handling.tried(
        request,
        lambda: actions.leave_seat(
            request.granted, left=request.POST.get("left", ""), on=today(), by=request.actor
        ),
        _("已记下，这个名额空出来了。"),
    )
    return redirect("committees:committee", request.granted.term.committee_id)


@never_cache
@require_POST
@access(doors.member_kept)
def member_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's slip is shown this once: whoever loses it gets a new one, and the old is dead."""
    try:
        token = actions.make_member_link(request.granted, on=today(), by=request.actor)
    except rules.CommitteeFault as fault:
        messages.error(request, str(fault))
        return redirect("committees:committee", request.granted.term.committee_id)
    url = request.build_absolute_uri(reverse("committees:member", args=[token]))
    context = {
        "member": request.granted,
        "title": committees.title_of(request.granted.term.committee),
        "url": url,
        "qr": qr_code(url),
    }
    return render(request, "committees/member_slip.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@access(doors.class_kept)
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """One slip for each family of a class, good for the whole school year: vote, answer, read."""
    if request.method == "POST":
        made = actions.make_family_links(pk, on=today(), by=request.actor)
        messages.success(request, _("已为 %s 家生成链接。") % made)
        return redirect("committees:slips", pk)
    lines = []
    for slip in links.slips_of_class(pk, today()):
        url = ""
        if slip.token:
            url = request.build_absolute_uri(reverse("committees:family", args=[slip.token]))
        lines.append((slip, url, qr_code(url) if url else ""))
    context = {
        "place": request.granted,
        "slips": lines,
        "missing": any(not url for _slip, url, _qr in lines),
    }
    return render(request, "committees/slips.html", context)


@require_POST
@access(doors.class_kept)
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """A fresh link in place of a lost one."""

    def number(name: str) -> int:
        text = request.POST.get(name, "")
        return int(text) if text.isdecimal() and len(text) < 19 else 0

    handling.tried(
        request,
        lambda: actions.renew_family_link(
            pk, number("child"), number("carer"), on=today(), by=request.actor
        ),
        _("新的链接已生成，原来的不再有效。"),
    )
    return redirect("committees:slips", pk)


@require_GET
@access(doors.picture_read)
def picture(request: HttpRequest, pk) -> HttpResponse:
    return handling.picture(request.granted)


def _form(request: HttpRequest, form, title: str, of) -> HttpResponse:
    context = {"form": form, "title": title, "committee": of, "name": committees.title_of(of)}
    return render(request, "committees/form.html", context)
