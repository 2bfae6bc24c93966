"""Puts the actor, a person with the posts of today, on each request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject


def actor_of_the_request(get_response: Callable[[HttpRequest], HttpResponse]):
    def middleware(request: HttpRequest) -> HttpResponse:
        from .queries import actor_for

        request.actor = SimpleLazyObject(lambda: actor_for(request.user))
        return get_response(request)

    return middleware
