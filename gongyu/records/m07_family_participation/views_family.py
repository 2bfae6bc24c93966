"""The family's pages of measure 7: tips, help, and corrections of the own child's record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongyu.ground.access.doors import access as staff_access
from gongyu.ground.access.doors import everyone
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.families.doors import access, any_carer, ward

from . import actions, guidance, help, queries
from .forms import ProposeForm, sent
from .models import Correction
from .rules import CorrectionFault


@require_safe
@access(any_carer)
def tips(request: HttpRequest) -> HttpResponse:
    """What may help by the age of the children. Leaves no row: what a family reads is its own."""
    found = guidance.guidance_for(request.family.children, today())
    return render(request, "participation/tips.html", {"guidance": found})


@require_safe
@staff_access(everyone)
def help_page(request: HttpRequest) -> HttpResponse:
    """Public numbers for whoever opens it, a child without a sign-in as well; the names of the own
    people for a family that is here."""
    people = help.people_for(request.family, today()) if request.family else []
    context = {"lines": help.public_lines(), "people": people, "words": help.words_for_a_child()}
    return render(request, "participation/help.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(ward)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is wrong; below it what was said before and what the school answered."""
    child, family = request.granted, request.family
    form = ProposeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.propose_correction(
                child, told["about"], told["should_be"], key=told["key"], at=now(), by=family.actor
            )
        except CorrectionFault as fault:
            form.add_error(fault.field or None, str(fault))
        else:
            messages.success(request, _("已经告诉学校了，答复会写在这里。"))
            return redirect("participation:correct", pk)
    lines = queries.lines_for_family(family, child, today())
    context = {"child": child, "form": form, "lines": lines}
    status = 422 if form.errors else 200
    return render(request, "participation/correct.html", context, status=status)


def _own(request: HttpRequest, pk: int) -> Correction | None:
    return queries.own_correction(request.family, pk)


@require_POST
@access(_own)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a correction back."""
    try:
        actions.withdraw_correction(request.granted, at=now(), by=request.family.actor)
        messages.success(request, _("已经收回。"))
    except CorrectionFault as fault:
        messages.error(request, str(fault))
    return redirect("participation:correct", request.granted.child_id)
