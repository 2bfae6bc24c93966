"""There and back: to a configured provider, and in as the carer whom the roster knows by it."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import now, today

from . import actions, queries, sessions
from .codes import same
from .doors import access as family_access
from .doors import any_carer
from .elsewhere import Asked, Proof, Provider, SignInFailed, providers
from .forms import number_digest
from .views import start_session

KEY = "family_elsewhere"


# By a link, not a form: the content policy lets no form of ours end at another site.
@never_cache
@require_safe
@access(everyone)
def leave(request: HttpRequest, provider: str) -> HttpResponse:
    """To the provider, from the sign-in page."""
    return _away(request, _provider(provider), bind=False)


@never_cache
@require_safe
@family_access(any_carer)
def bind(request: HttpRequest, provider: str) -> HttpResponse:
    """To the provider, as a carer who is in and wants to come in that way from now on."""
    return _away(request, _provider(provider), bind=True)


@never_cache
@require_safe
@access(everyone)
def back(request: HttpRequest, provider: str) -> HttpResponse:
    """From the provider. Whoever it names and the roster does not know meets one and the same page."""
    held = request.session.pop(KEY, None)
    found = _provider(provider)
    if held is None or held["provider"] != provider:
        return _nobody(request)
    asked = Asked(**held["asked"])
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    if not code or not same(state, asked.state):
        return _nobody(request)
    try:
        proof = found.proof(code, asked)
    except SignInFailed:
        return _nobody(request)
    if held["bind"]:
        return _bound(request, found, proof)
    return _in(request, provider, proof)


def _in(request: HttpRequest, provider: str, proof: Proof) -> HttpResponse:
    """By the verified number; otherwise by what the carer once bound."""
    number = number_digest(proof.phone)
    carers = queries.carers_at(number, today()) if number else []
    if not carers:
        identity = queries.identity_of(provider, proof.subject, today())
        if identity is None:
            return _nobody(request)
        return start_session(request, identity.carer_id, identity.phone_digest, False, "")
    if len(carers) > 1:
        sessions.prove(request, [carer.pk for carer in carers], number, False)
        return redirect("families:choose")
    return start_session(request, carers[0].pk, number, False, "")


def _bound(request: HttpRequest, provider: Provider, proof: Proof) -> HttpResponse:
    if request.family is None:
        return _nobody(request)
    actions.bind_identity(
        provider.code,
        proof.subject,
        sessions.number_of(request),
        at=now(),
        by=request.family.actor,
    )
    messages.success(request, _("以后可以用%(name)s进入。") % {"name": provider.name})
    return redirect(settings.FAMILY_HOME)


def _away(request: HttpRequest, provider: Provider, *, bind: bool) -> HttpResponse:
    callback = request.build_absolute_uri(reverse("families:back", args=[provider.code]))
    asked = Asked.fresh(callback)
    try:
        address = provider.address(asked)
    except SignInFailed:
        messages.error(
            request,
            _("%(name)s现在没有回应。请过一会儿再试，或用手机号进入。") % {"name": provider.name},
        )
        return redirect(settings.FAMILY_HOME if bind else "families:sign-in")
    request.session[KEY] = {"provider": provider.code, "asked": asdict(asked), "bind": bind}
    return HttpResponseRedirect(address)


def _provider(code: str) -> Provider:
    found = providers().get(code)
    if found is None:
        raise Http404
    return found


def _nobody(request: HttpRequest) -> HttpResponse:
    return render(request, "families/nobody_elsewhere.html", status=404)
