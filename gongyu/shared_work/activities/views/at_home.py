"""An activity on the family's own pages: book, change, cancel, as by its link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongyu.ground.calendar.clock import now, today
from gongyu.ground.families.doors import access

from .. import actions
from ..forms import FamilyBookForm, FamilyChangeForm
from ..queries.at_home import page_at_home
from ..rules import ActivityFault
from .family import form_for


def _invited(request: HttpRequest, pk: int):
    return page_at_home(request.family, pk, today(), now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(_invited)
def at_home(request: HttpRequest, pk: int) -> HttpResponse:
    page, children = request.granted
    form, fault = form_for(page, request), ""
    if request.method == "POST":
        try:
            if _taken(request, page.activity, children, form):
                return redirect("activities:at-home", pk)
        except ActivityFault as refused:
            # Somebody was quicker: what is free now is shown beside the answer.
            fault = str(refused)
            page, children = _invited(request, pk) or request.granted
            form = form_for(page, None)
    return render(request, "activities/family.html", {"page": page, "form": form, "fault": fault})


def _taken(
    request: HttpRequest, activity, children: dict[int, int], form: FamilyBookForm | None
) -> bool:
    """Whether the family's step was taken; False leaves the form with its words."""
    by = request.family.actor
    if request.POST.get("step") == "cancel":
        actions.cancel_at_home(activity, children, by=by)
        return True
    if form is None or not form.is_valid():
        return False
    step = actions.change_at_home if isinstance(form, FamilyChangeForm) else actions.book_at_home
    step(activity, children, form.slot_id(), on=today(), by=by)
    return True
