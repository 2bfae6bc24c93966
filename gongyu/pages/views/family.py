"""The family's own pages: its week, its children's data, who looked at it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongyu.ground.access.doors import access as public_access
from gongyu.ground.access.doors import everyone
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.families import sessions
from gongyu.ground.families.doors import access, any_carer, any_guardian, ward
from gongyu.ground.families.elsewhere import providers
from gongyu.shared_work.activities.actions import end_family_feed, start_family_feed
from gongyu.shared_work.activities.queries.feeds import feed_of_family, open_family_feed
from gongyu.shared_work.family_links.limits import note_miss, too_many_misses

from .. import actions_family as actions
from ..calendar_file import MEDIA_TYPE, calendar_file
from ..queries.calendars import appointments_of_family
from ..queries.family.week import week_of


@require_safe
@access(any_carer)
def week(request: HttpRequest) -> HttpResponse:
    """Today and this week for all children together."""
    page = week_of(request.family, today(), now())
    # Where somebody can come in by what gives no number, it is bound here once.
    bindable = [each for each in providers().values() if each.code == "weixin"]
    context = {"week": page, "family": request.family, "bindable": bindable}
    return render(request, "pages/family/week.html", context)


@require_safe
@access(any_guardian)
def records(request: HttpRequest) -> HttpResponse:
    """The children whose data the guardian may see."""
    return _of_one(request, "family:record", "pages/family/records.html")


@require_safe
@access(ward)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """What is kept about a child."""
    family = request.family
    page = actions.read_record(request.granted, family, on=today(), by=family.actor)
    return render(request, "pages/family/record.html", {"page": page})


@require_safe
@access(any_guardian)
def looked(request: HttpRequest) -> HttpResponse:
    """Of which child?"""
    return _of_one(request, "family:looked-at", "pages/family/looked.html")


@require_safe
@access(ward)
def looked_at(request: HttpRequest, pk: int) -> HttpResponse:
    """Who looked at a child's data, when and why."""
    page = actions.read_looks(request.granted, on=today(), by=request.family.actor)
    return render(request, "pages/family/looked_at.html", {"page": page})


def _of_one(request: HttpRequest, name: str, template: str) -> HttpResponse:
    # With one child there is nothing to choose.
    guarded = request.family.guarded
    if len(guarded) == 1:
        return redirect(name, guarded[0].child_id)
    return render(request, template, {"children": guarded})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(any_carer)
def calendar(request: HttpRequest) -> HttpResponse:
    """The address is shown once, when it is made: only its digest is kept."""
    url, family = "", request.family
    if request.method == "POST":
        token = start_family_feed(sessions.number_of(request), by=family.actor)
        url = request.build_absolute_uri(reverse("family:feed", args=[token]))
    context = {"feed": feed_of_family(family), "url": url}
    return render(request, "pages/family/calendar.html", context)


@require_POST
@access(any_carer)
def end_calendar(request: HttpRequest) -> HttpResponse:
    """The address opens nothing more."""
    end_family_feed(by=request.family.actor)
    messages.success(request, _("订阅地址已停用。手机里的旧日历不会再更新，可以删掉。"))
    return redirect("family:calendar")


@never_cache
@require_safe
@public_access(everyone)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs, which cannot sign in: the long random token is the key."""
    address = request.META.get("REMOTE_ADDR", "")
    family = open_family_feed(token, today())
    if family is None:
        if too_many_misses(address):
            return HttpResponse(status=429)
        note_miss(address)
        return HttpResponse(status=404)
    found = appointments_of_family(family, today(), now())
    return HttpResponse(calendar_file(found, _("孩子学校的安排")), content_type=MEDIA_TYPE)
