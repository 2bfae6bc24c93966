"""Puts the family on each request, and keeps what it was shown out of a shared phone's memory."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from . import sessions


def family_of_the_request(get_response: Callable[[HttpRequest], HttpResponse]):
    def middleware(request: HttpRequest) -> HttpResponse:
        request.family = sessions.present_family(request)
        response = get_response(request)
        if request.family is not None and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware
