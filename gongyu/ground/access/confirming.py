"""Changes in two calm steps: what is typed is checked and shown with what will change from which
day; only then is it done. Works without JavaScript, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

CONFIRM_PAGE = "access/confirm_change.html"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that changes: what it is, what holds now, what holds from the day on."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a confirmation shows. `day` is the first day of the new state; `about` whom it concerns;
    `notes` say what follows from it, `warnings` what one should look at twice."""

    title: str
    day: date | None
    lines: tuple[Line, ...]
    about: str = ""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TwoSteps:
    """A change with its form. `preview` tells what would change, `carry_out` does it and answers
    with the words of success; both may raise one of `refusals` (its `field` names the input).
    `done` is where one goes afterwards, or a function that says so once it is done."""

    form: forms.Form
    template: str
    context: dict
    preview: Callable[[forms.Form], Change]
    carry_out: Callable[[forms.Form], str]
    done: str | Callable[[], str]
    refusals: tuple[type[Exception], ...]


def two_steps(request: HttpRequest, steps: TwoSteps) -> HttpResponse:
    """The page of the form, the page that asks once more, or the way back once it is done."""
    form, context = steps.form, {**steps.context, "form": steps.form}
    if request.method != "POST" or "back" in request.POST:
        return render(request, steps.template, context)
    if form.is_valid():
        try:
            # Shown again or not, it is checked again: its refusals name the fields of this form.
            change = steps.preview(form)
            if "sure" not in request.POST:
                return render(request, CONFIRM_PAGE, {**context, "change": change})
            said = steps.carry_out(form)
        except steps.refusals as refused:
            field = getattr(refused, "field", None)
            form.add_error(field if field in form.fields else None, str(refused))
        else:
            messages.success(request, said)
            return redirect(steps.done if isinstance(steps.done, str) else steps.done())
    return render(request, steps.template, context, status=422)
