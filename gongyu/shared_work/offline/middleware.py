"""Whoever signs out leaves nothing behind on the device, whatever the browser's scripts did."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

SIGN_OUT = "account_logout"


def nothing_left_behind(get_response: Callable[[HttpRequest], HttpResponse]):
    """Databases of the browser, the worker and its files are cleared when somebody signs out. A
    session that ended by itself clears nothing: the teacher may be on a hill without a network."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if request.method == "POST" and match is not None and match.view_name == SIGN_OUT:
            response["Clear-Site-Data"] = '"storage"'
        return response

    return middleware
