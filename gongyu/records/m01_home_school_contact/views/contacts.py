"""Contacts by phone, message, online or face to face: recorded in seconds, several families at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today

from ..actions import correct_contact, note_reading, record_contact, retract_contact
from ..forms.contacts import ContactCorrectionForm, ContactForm
from ..queries import contacts
from ..rules_concerns import ConcernFault
from . import doors_concerns as doors


@require_http_methods(["GET", "POST"])
@access(doors.class_contacted)
def class_contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The class's families to tick, and the newest contacts below."""
    place, actor, on = request.granted, request.actor, today()
    form = ContactForm(
        request.POST or None,
        children=contacts.families_of_class(pk, on),
        moment=now(),
        initial={"children": [c for c in request.GET.getlist("child") if c.isdecimal()]},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = _written(
            form, lambda: record_contact(form.entry(), at=now(), key=data["key"], by=actor)
        )
        if made is not None:
            messages.success(request, _("已记录，涉及 %d 个孩子。") % len(data["children"]))
            return redirect("contacts:class", pk)
    elif request.method == "GET":
        note_reading("class.read", ("class", pk), by=actor, place_id=pk)
    context = {
        "place": place,
        "form": form,
        "lines": contacts.contacts_of_class(pk, on, actor),
        "counts": contacts.channel_counts(place, on),
    }
    return render(request, "contacts/class.html", context)


@require_GET
@access(doors.contact_read)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    page = request.granted
    note_reading("contact.read", ("contact", pk), by=request.actor, place_id=page.rows[0].school_id)
    return render(request, "contacts/contact.html", {"page": page})


@require_http_methods(["GET", "POST"])
@access(doors.contact_corrected)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    page, old = request.granted, request.granted.contact
    form = ContactCorrectionForm(
        request.POST or None,
        children=[row.child for row in page.rows],
        moment=old.made_at,
        initial={
            "children": [row.child_id for row in page.rows],
            "channel": old.channel,
            "line": old.line,
            "asked": old.asked,
            "follows": old.follows,
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        fresh = _written(
            form, lambda: correct_contact(
                old, form.entry(), reason=data["reason"], at=now(), key=data["key"],
                by=request.actor,
            )
        )  # fmt: skip
        if fresh is not None:
            messages.success(request, _("已更正，原来的记录保留。"))
            return redirect("contacts:contact", fresh.pk)
    return render(request, "contacts/correct.html", {"form": form, "page": page})


@require_POST
@access(doors.contact_corrected)
def retract(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        retract_contact(
            request.granted.contact,
            reason=request.POST.get("reason", ""),
            at=now(),
            by=request.actor,
        )
    except ConcernFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("已撤销，不再计入；记录仍可查看。"))
    return redirect("contacts:contact", pk)


def _written(form, write):
    """What the action returns; a fault becomes the form's error, and nothing typed is lost."""
    try:
        return write()
    except ConcernFault as fault:
        form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        return None
