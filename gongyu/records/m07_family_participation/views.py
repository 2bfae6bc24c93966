"""The school's side of corrections: what waits, what a guardian wrote, the answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today

from . import actions, queries, rules
from .forms import AnswerForm, sent
from .models import Correction
from .rules import CorrectionFault


def _answers(request: HttpRequest) -> bool:
    return rules.answers_at_all(request.actor)


def _correction(request: HttpRequest, pk: int) -> Correction | None:
    return queries.correction_for(request.actor, pk, today())


@require_safe
@access(_answers)
def corrections(request: HttpRequest) -> HttpResponse:
    """What waits for the school, the oldest first."""
    lines = queries.waiting_for(request.actor, today())
    return render(request, "participation/corrections.html", {"lines": lines})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(_correction)
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """What the guardian wrote, the clock, and the answer."""
    form = AnswerForm(sent(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.answer_correction(
                request.granted, told["step"], told["words"], at=now(), by=request.actor
            )
        except CorrectionFault as fault:
            form.add_error(fault.field or None, str(fault))
        else:
            messages.success(request, _("答复已记下，家长会看到。"))
            return redirect("corrections:index")
    actions.read_correction(request.granted, by=request.actor)
    context = {"line": queries.line_of(request.granted, today()), "form": form}
    status = 422 if form.errors else 200
    return render(request, "participation/correction.html", context, status=status)
