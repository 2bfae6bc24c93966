"""The page around every change of a post: asked, shown, done, and back to the list."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse

from gongyu.ground.staff.rules import PostRefused

from .confirming import Change, TwoSteps, two_steps


def change_post(
    request: HttpRequest,
    form: forms.Form,
    *,
    crumb: dict[str, str],
    title: str,
    lead: str,
    preview: Callable[[forms.Form], Change],
    carry_out: Callable[[forms.Form], str],
) -> HttpResponse:
    """One change in two steps; `crumb` names the list from which one came and returns to."""
    steps = TwoSteps(
        form=form,
        template="access/change_form.html",
        context={"title": title, "lead": lead, "back": crumb["url"], "crumbs": [crumb]},
        preview=preview,
        carry_out=carry_out,
        done=crumb["url"],
        refusals=(PostRefused,),
    )
    return two_steps(request, steps)
