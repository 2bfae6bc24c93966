"""The doors of the families' pages, in the style of `ground/access/doors.py`: whoever is no family is
led to the family sign-in; whatever is not of this family is the page of a wrong address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from gongyu.ground.access.doors import LARGEST_ID

from .shapes import Family, FamilyChild

Rule = Callable[..., Any]
View = Callable[..., HttpResponse]


def any_carer(request: HttpRequest, **kwargs) -> Family:
    """Whoever cares for a child today."""
    return request.family


def any_guardian(request: HttpRequest, **kwargs) -> Family | None:
    """A guardian of at least one child; whoever only cares for it finds nothing here."""
    return request.family if request.family.guarded else None


def child_of_family(request: HttpRequest, pk: int, **kwargs) -> FamilyChild | None:
    """A child visible today."""
    return request.family.child(pk)


def ward(request: HttpRequest, pk: int, **kwargs) -> FamilyChild | None:
    """A child whose guardian the carer is today."""
    return request.family.ward(pk)


def access(rule: Rule) -> Callable[[View], View]:
    """Guard a family's view. What the rule found waits in `request.granted`; nothing found is 404,
    the same for another family's child, a brother or sister out of sight, and a number that is
    nobody's."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.family is None:
                return redirect_to_login(request.get_full_path(), reverse("families:sign-in"))
            if any(isinstance(each, int) and each > LARGEST_ID for each in kwargs.values()):
                raise Http404
            granted = rule(request, **kwargs)
            if granted is None or granted is False:
                raise Http404
            request.granted = granted
            return view(request, *args, **kwargs)

        guarded.access_rule = rule
        guarded.for_families = True
        return guarded

    return guard
