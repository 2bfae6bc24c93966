"""A person's calendar: the page that gives and ends its address, and the feed itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import today
from gongyu.shared_work.activities.actions import end_feed, start_feed
from gongyu.shared_work.activities.queries.feeds import feed_of, open_feed
from gongyu.shared_work.family_links.limits import note_miss, too_many_misses

from .. import rules
from ..calendar_file import MEDIA_TYPE, calendar_file
from ..queries.calendars import appointments_of


@never_cache
@require_http_methods(["GET", "POST"])
@access(rules.has_a_calendar)
def calendar(request: HttpRequest) -> HttpResponse:
    """The address is shown once, when it is made: only its digest is kept."""
    url = ""
    if request.method == "POST":
        token = start_feed(by=request.actor)
        url = request.build_absolute_uri(reverse("pages:calendar-feed", args=[token]))
    context = {"feed": feed_of(request.actor), "url": url}
    return render(request, "pages/calendar.html", context)


@require_POST
@access(rules.has_a_calendar)
def end(request: HttpRequest) -> HttpResponse:
    end_feed(by=request.actor)
    messages.success(request, _("订阅地址已停用。手机里的旧日历不会再更新，可以删掉。"))
    return redirect("pages:calendar")


@never_cache
@require_safe
@access(everyone)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs, which cannot sign in: the long random token is the key."""
    address = request.META.get("REMOTE_ADDR", "")
    actor = open_feed(token, today())
    if actor is None:
        if too_many_misses(address):
            return HttpResponse(status=429)
        note_miss(address)
        return HttpResponse(status=404)
    body = calendar_file(appointments_of(actor, today()), _("共育日历"))
    return HttpResponse(body, content_type=MEDIA_TYPE)
