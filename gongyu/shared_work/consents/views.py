"""Consents on the family's page, and staff writing down what was signed or said."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongyu.ground.access.doors import access as staff_access
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.families.doors import access, any_guardian, ward
from gongyu.ground.people.models import Child

from . import actions, queries
from .forms import SayForm, TakeForm
from .rules import ConsentFault


@require_safe
@access(any_guardian)
def family(request: HttpRequest) -> HttpResponse:
    """What each purpose is for, what I said, and what holds."""
    page = queries.consents_page(request.family, today())
    return render(request, "consents/family.html", {"page": page})


@require_POST
@access(ward)
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """A guardian's yes, no, or taking back."""
    form = SayForm(request.POST)
    try:
        if not form.is_valid():
            raise ConsentFault(_("请点页面上的按钮来选。"))
        told = form.cleaned_data
        child = queries.child_of(request.granted.child_id)
        actions.say(child, told["purpose"], told["says"], at=now(), by=request.family.actor)
    except ConsentFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("记下了，马上生效。随时可以改。"))
    return redirect("consents:family")


def _child(request: HttpRequest, pk: int) -> Child | None:
    return queries.child_to_take_word(request.actor, pk, today())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_access(_child)
def child(request: HttpRequest, pk: int) -> HttpResponse:
    """What holds for a child, and a form for what was signed or said."""
    page = queries.child_consents(request.granted, today())
    form = TakeForm(page.speakers, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.take_word(
                request.granted,
                told["purpose"],
                told["speaker"] or None,
                told["says"],
                told["how"],
                at=now(),
                by=request.actor,
            )
        except ConsentFault as fault:
            form.add_error(None, str(fault))
        else:
            messages.success(request, _("记下了。"))
            return redirect("consents:child", pk)
    actions.read_consents(request.granted, by=request.actor)
    status = 422 if form.errors else 200
    return render(request, "consents/child.html", {"page": page, "form": form}, status=status)
