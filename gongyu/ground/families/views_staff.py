"""Printed codes of a class or village, handed over and ticked off; numbers that wait for a check."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongyu.ground.access.doors import access
from gongyu.ground.access.permissions import CHILD_CHANGE, holds
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.design.qr import qr_code
from gongyu.ground.places.models import Place

from . import actions, codes, queries, rules
from .forms import ChosenForm, sent
from .models import NumberDoubt, SignInCode
from .queries import CarerLine, CodesPage
from .rules import CodeRefused


@dataclass(frozen=True, slots=True)
class Slip:
    """One printed code as it stands on paper, once."""

    carer: CarerLine
    digits: str
    url: str
    qr: str
    until: object


def _place(request: HttpRequest, pk: int) -> Place | None:
    return queries.place_to_print(request.actor, pk, today())


def _code(request: HttpRequest, pk: int) -> SignInCode | None:
    return queries.code_printed_by(request.actor, pk, today())


def _places(request: HttpRequest) -> list[Place] | None:
    return queries.places_to_print(request.actor, today()) or None


def _checks_numbers(request: HttpRequest) -> bool:
    return rules.checks_numbers(request.actor)


def _doubt(request: HttpRequest, pk: int) -> NumberDoubt | None:
    return queries.doubt_for(request.actor, pk, today())


@require_safe
@access(_places)
def index(request: HttpRequest) -> HttpResponse:
    """Straight to the only class or village; a choice where there are several."""
    if len(request.granted) == 1:
        return redirect("codes:place", request.granted[0].pk)
    return render(request, "families/codes_index.html", {"places": request.granted})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(_place)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """The carers of the place; a POST prints for those who are ticked."""
    page = actions.read_codes_page(request.granted, on=today(), at=now(), by=request.actor)
    form = ChosenForm(page, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.print_codes(
                request.granted, form.pairs(), on=today(), at=now(), by=request.actor
            )
        except CodeRefused as refused:
            form.add_error(None, str(refused))
        else:
            slips = [_slip(request, page, code) for code in made]
            return render(request, "families/slips.html", {"page": page, "slips": slips})
    return _codes_page(request, page, form)


def _codes_page(request: HttpRequest, page: CodesPage, form: ChosenForm) -> HttpResponse:
    """The list; after a refusal what was ticked is ticked still."""
    context = {"page": page, "form": form, "ticked": set(request.POST.getlist("chosen"))}
    status = 422 if form.errors else 200
    return render(request, "families/codes.html", context, status=status)


def _slip(request: HttpRequest, page: CodesPage, code: SignInCode) -> Slip:
    token = codes.token_from(code.salt)
    url = request.build_absolute_uri(reverse("families:enter", args=[token]))
    digits = codes.grouped(codes.code_from(code.salt, codes.PRINTED_DIGITS))
    carer = page.carer(f"{code.child_id}-{code.carer_id}")
    return Slip(carer, digits, url, qr_code(url), code.expires_at)


@require_POST
@access(_place)
def ring_first(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who do not read messages are called first, or are sent messages again."""
    place, moment = request.granted, now()
    form = ChosenForm(queries.codes_page(place, today(), moment), sent(request))
    if form.is_valid():
        carers, rings = form.carers(), request.POST.get("way") == "voice"
        try:
            actions.ring_first(place, carers, rings, at=moment, by=request.actor)
        except CodeRefused as refused:
            form.add_error(None, str(refused))
        else:
            told = (
                _("记下了：通知%(names)s先打电话。")
                if rings
                else _("记下了：通知%(names)s先发短信。")
            )
            names = "、".join(dict.fromkeys(carer.name for carer in carers))
            messages.success(request, told % {"names": names})
            return redirect("codes:place", place.pk)
    page = actions.read_codes_page(place, on=today(), at=moment, by=request.actor)
    return _codes_page(request, page, form)


@require_POST
@access(_code)
def handed(request: HttpRequest, pk: int) -> HttpResponse:
    """Given in person."""
    try:
        actions.note_handed(request.granted, at=now(), by=request.actor)
        messages.success(request, _("记下了：已当面交到。"))
    except CodeRefused as refused:
        messages.error(request, str(refused))
    return redirect("codes:place", request.granted.place_id)


@require_POST
@access(_code)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Lost or spoilt."""
    actions.end_code(request.granted, at=now(), by=request.actor)
    messages.success(request, _("已作废，那张纸条再也打不开。"))
    return redirect("codes:place", request.granted.place_id)


@require_safe
@access(_checks_numbers)
def numbers(request: HttpRequest) -> HttpResponse:
    """Numbers of which somebody said "not me"."""
    lines = queries.doubts_for(request.actor, today())
    context = {"lines": lines, "may_change": holds(request.actor, CHILD_CHANGE)}
    return render(request, "families/numbers.html", context)


@require_POST
@access(_doubt)
def keep_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Checked: the number is right."""
    actions.settle_number(request.granted, at=now(), by=request.actor)
    messages.success(request, _("记下了：号码没有错，可以照常使用。"))
    return redirect("codes:numbers")
