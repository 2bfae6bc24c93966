"""The audit, for auditors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today

from .. import actions, rules
from ..forms import AuditForm


@require_safe
@access(rules.may_audit)
def audit(request: HttpRequest) -> HttpResponse:
    form = AuditForm(request.GET or None)
    page = actions.read_audit(form.asked(), form.number(), by=request.actor, on=today())
    return render(request, "pages/audit.html", {"page": page, "form": form})
