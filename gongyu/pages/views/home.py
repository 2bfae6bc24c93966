"""The home of whoever is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongyu.ground.access.doors import access, signed_in
from gongyu.ground.calendar.clock import now, today

from ..queries.homes import home_of


@require_safe
@access(signed_in)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home/home.html", {"home": home_of(request.actor, today(), now())})
