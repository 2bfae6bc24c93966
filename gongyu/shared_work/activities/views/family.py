"""A family's page behind its link: no sign-in, no script needed, nothing about anybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import now, today
from gongyu.shared_work.family_links.limits import note_miss, too_many_misses

from .. import actions
from ..actions import LinkClosed
from ..forms import FamilyBookForm, FamilyChangeForm
from ..queries.links import FamilyPage, family_page
from ..rules import ActivityFault


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def family(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link uses nothing up; it opens until booking ends, to change and cancel too."""
    address = request.META.get("REMOTE_ADDR", "")
    page = family_page(token, today(), now())
    if page is None:
        if too_many_misses(address):
            return _closed(request, status=429)
        note_miss(address)
        return _closed(request)
    form = form_for(page, request)
    fault = ""
    if request.method == "POST":
        try:
            if _taken(request, token, form):
                return redirect("activities:family", token)
        except LinkClosed:
            return _closed(request)
        except ActivityFault as refused:
            # Somebody was quicker: what is free now is shown beside the answer.
            fault = str(refused)
            page = family_page(token, today(), now()) or page
            form = form_for(page, None)
    return render(request, "activities/family.html", {"page": page, "form": form, "fault": fault})


def form_for(page: FamilyPage, request: HttpRequest | None) -> FamilyBookForm | None:
    """The form that the page offers now: to book, to change, or none."""
    if page.open_until is None:
        return None
    chosen = request.POST if request is not None and request.method == "POST" else None
    if page.booking is None:
        return FamilyBookForm(page.slots, chosen)
    present = page.booking.slot_id or page.booking.wanted_id
    form = FamilyChangeForm(page.slots, chosen, present=present)
    return form if form.fields["slot"].choices else None


def _taken(request: HttpRequest, token: str, form: FamilyBookForm | None) -> bool:
    """Whether the family's step was taken; False leaves the form with its words."""
    if request.POST.get("step") == "cancel":
        actions.cancel_by_link(token, on=today())
        return True
    if form is None or not form.is_valid():
        return False
    slot_id = form.slot_id()
    if isinstance(form, FamilyChangeForm):
        actions.change_by_link(token, slot_id, on=today())
    else:
        actions.book_by_link(token, slot_id, on=today())
    return True


def _closed(request: HttpRequest, status: int = 404) -> HttpResponse:
    # Wrong, too old, no longer for this person: one page, word for word.
    return render(request, "activities/link_closed.html", status=status)
