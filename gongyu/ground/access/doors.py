"""The door of every page: a view says by `@access(rule)` who may enter, a test walks all of them.

Whoever is not signed in is led to sign-in; whoever may not enter meets the page of a wrong address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect

# The greatest id that a database can hold; asking for a greater one is an error there.
LARGEST_ID = 2**63 - 1

Rule = Callable[..., Any]
View = Callable[..., HttpResponse]


def everyone(request: HttpRequest, **kwargs) -> bool:
    """Public pages."""
    return True


def signed_in(request: HttpRequest, **kwargs) -> bool:
    """Anybody with an account."""
    return request.actor is not None


def role(*roles: str) -> Rule:
    """Anybody who holds one of these roles today, wherever."""

    def holds_the_role(request: HttpRequest, **kwargs) -> bool:
        return request.actor is not None and request.actor.has_role(*roles)

    holds_the_role.roles = roles
    return holds_the_role


def access(rule: Rule) -> Callable[[View], View]:
    """Guard a view. `rule(request, **kwargs)` answers false (404) or something true.

    What the rule found (a child, a place) waits for the view in `request.granted`, so that it is
    looked up once. Public pages name the rule `everyone`; every other rule asks for sign-in first.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if rule is not everyone and request.actor is None:
                return _to_sign_in(request)
            if any(isinstance(each, int) and each > LARGEST_ID for each in kwargs.values()):
                raise Http404
            granted = rule(request, **kwargs)
            # A refusal says nothing about whether the thing exists.
            if granted is None or granted is False:
                raise Http404
            request.granted = granted
            return view(request, *args, **kwargs)

        guarded.access_rule = rule
        return guarded

    return guard


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    # A fragment must not hold the sign-in page: the whole page goes there.
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
