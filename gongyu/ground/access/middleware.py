"""Puts the actor on each request, and lets nobody on who has not finished signing in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.places.models import Place
from gongyu.ground.prepared.connections import plan_for_the_values

from . import actions, passwords
from .queries import actor_for, actor_of_request, has_second_factor
from .sign_in import gave_second_factor

SEEN_AT = "seen_at"
TEACHERS = ("class_teacher", "subject_teacher")
# What each step of signing in needs open besides its own page.
ALWAYS_OPEN = frozenset({"account_logout"})
PASSWORD_STEP = "account_change_password"  # noqa: S105 - the name of an address
SECOND_FACTOR_STEP = "mfa_activate_totp"


def actor_of_the_request(get_response: Callable[[HttpRequest], HttpResponse]):
    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = actor_of_request(request.user)
        if request.actor is not None and _reaches_widely(request.actor):
            plan_for_the_values()
        response = get_response(request)
        # What a person was shown stays out of shared computers, the way back included.
        if request.actor is not None and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware


def _reaches_widely(actor: Actor) -> bool:
    return any(post.scope_kind in (Place.Kind.CITY, Place.Kind.DISTRICT) for post in actor.posts)


class FinishedSignIn:
    """Ends idle sessions; asks for a fresh password and a second factor before anything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        if _was_idle(request):
            return _end_idle_session(request)
        here = request.resolver_match.view_name
        if here in ALWAYS_OPEN:
            return None
        step = _next_step(request)
        return None if step in {None, here} else _lead_to(request, reverse(step))


def _next_step(request: HttpRequest) -> str | None:
    if passwords.must_change(request.user, today()):
        return PASSWORD_STEP
    if not gave_second_factor(request) and not has_second_factor(request.user):
        return SECOND_FACTOR_STEP
    return None


def _was_idle(request: HttpRequest) -> bool:
    """Was nothing asked for longer than the role allows? Notes the minute of this request."""
    minute = int(now().timestamp() // 60)
    seen = request.session.get(SEEN_AT)
    if seen is not None and minute - seen >= _idle_minutes(request):
        return True
    # Once a minute is enough, and spares a write for every click.
    if seen != minute:
        request.session[SEEN_AT] = minute
    return False


def _idle_minutes(request: HttpRequest) -> int:
    roles = {post.role for post in request.actor.posts}
    if roles and roles <= set(TEACHERS):
        return settings.SESSION_IDLE_MINUTES_TEACHERS
    return settings.SESSION_IDLE_MINUTES


def _end_idle_session(request: HttpRequest) -> HttpResponse:
    actions.note_sign_out("idle", by=actor_for(request.user, today()))
    logout(request)
    messages.info(request, _("您较长时间没有操作，已自动退出。请重新登录。"))
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(reverse("account_login"))
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _lead_to(request: HttpRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
