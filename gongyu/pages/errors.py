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


def server_error(request):
    return render(request, "pages/500.html", status=500)
