"""Errors are answers: what is wrong and what to do, never what was asked for."""

from django.shortcuts import render


def forbidden(request, exception=None):
    # Out of scope and not there look the same.
    return render(request, "pages/404.html", status=404)


def not_found(request, exception=None):
    return render(request, "pages/404.html", status=404)


def out_of_date(request, reason=""):
    # A form without its token: an old page, or a browser that takes no cookies.
    return render(request, "pages/out_of_date.html", status=403)


def not_understood(request, exception=None):
    # Too much at once, or an address that no page of ours writes.
    return render(request, "pages/400.html", status=400)


def too_many(request, exception=None):
    # Sign-in and codes are tried too often; the door opens again by itself.
    return render(request, "pages/429.html", status=429)


def server_error(request):
    return render(request, "pages/500.html", status=500)
