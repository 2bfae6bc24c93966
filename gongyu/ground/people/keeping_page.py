"""The page around every form of keeping: whose child, which change, where one came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from gongyu.ground.access.confirming import Change, TwoSteps, two_steps
from gongyu.ground.places.models import Place

from .actions import read_child
from .models import Child
from .rules import PeopleRefused


def change_child(
    request: HttpRequest,
    child: Child,
    on: date,
    form: forms.Form,
    *,
    title: str,
    preview: Callable[[forms.Form], Change],
    carry_out: Callable[[forms.Form], str],
    lead: str = "",
    done: str | Callable[[], str] | None = None,
) -> HttpResponse:
    """One change of a child's enrolment or care, in two steps; showing it is a reading."""
    if request.method != "POST":
        read_child(child, on, by=request.actor, why=_("办理学籍与照护"))
    back = reverse("keeping:child", args=[child.pk])
    return two_steps(
        request,
        TwoSteps(
            form=form,
            template="access/change_form.html",
            context={
                "title": title,
                "lead": lead or child.name,
                "back": back,
                "crumbs": [{"label": child.name, "url": back}],
            },
            preview=preview,
            carry_out=carry_out,
            done=done or back,
            refusals=(PeopleRefused,),
        ),
    )


def school_crumbs(school: Place) -> list[dict[str, str]]:
    """The way back to a school's page of movements."""
    url = reverse("keeping:school", args=[school.pk])
    return [{"label": _("学籍异动"), "url": url}]
