"""An activity's bookings: the list, the door's list, slips, hand entry, changes, the sheet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.design.sheets import download
from gongyu.shared_work.family_links.slips import qr_code

from .. import actions, rules
from ..forms import HandForm, TimeForm
from ..kinds import KINDS
from ..models import Activity, Booking
from ..queries.bookings import (
    audience_places,
    bookings_page,
    candidates,
    families_of,
    slots_to_choose,
)
from ..queries.links import slips_of_class
from ..workbook import bookings_sheet
from . import doors
from .handling import done, written


@require_GET
@access(doors.reads_bookings)
def bookings(request: HttpRequest, pk: int) -> HttpResponse:
    found: Activity = request.granted
    _note(request, found)
    page = bookings_page(found, request.actor, today())
    context = {"page": page, "activity": found, "classes": audience_places(found)}
    return render(request, "activities/bookings.html", context)


@require_GET
@access(doors.reads_bookings)
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """The list for the door: times and families, to print. No box to tick."""
    found: Activity = request.granted
    _note(request, found)
    page = bookings_page(found, request.actor, today())
    return render(request, "activities/door.html", {"page": page, "activity": found})


@require_GET
@access(doors.reads_bookings)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    found: Activity = request.granted
    page = actions.export_bookings(found, on=today(), by=request.actor)
    return download(bookings_sheet(page, today()), f"bookings-{pk}-{today().isoformat()}.xlsx")


@require_GET
@access(doors.books_for_class)
def slips(request: HttpRequest, pk: int, class_id: int) -> HttpResponse:
    """The slips of a class: one for each family, with its own link where one books."""
    found, place = request.granted
    _note(request, found)
    made = slips_of_class(found, place, today()) if found.takes_bookings else []
    printed = [(slip, *_address(request, slip.token)) for slip in made]
    greeting = found.about or KINDS[found.kind].greeting
    context = {"activity": found, "place": place, "slips": printed, "greeting": greeting}
    return render(request, "activities/slips.html", context)


@require_POST
@access(doors.books_for_class)
def link(request: HttpRequest, pk: int, class_id: int) -> HttpResponse:
    """A link for one more carer, a fresh one for a lost one, or for families that came later."""
    found, _place = request.granted
    child, carer = (_number(request.POST.get(name, "")) for name in ("child", "carer"))
    if carer:
        deed, words = (
            lambda: actions.make_family_link(found, child, carer, on=today(), by=request.actor),
            _("新的链接已生成，这位家长原来的链接不再有效。"),
        )
    else:
        deed, words = (
            lambda: actions.make_missing_links(found, on=today(), by=request.actor),
            _("后来的家庭也有链接了。"),
        )
    done(request, deed, words)
    return redirect("activities:slips", pk, class_id)


@require_http_methods(["GET", "POST"])
@access(doors.books_for_class)
def book(request: HttpRequest, pk: int, class_id: int) -> HttpResponse:
    """Hand entry, for a family without a phone or one that said so at the gate."""
    found, place = request.granted
    choices = slots_to_choose(found, now()) if found.status == "invited" else []
    families = candidates(found, class_id, today())
    form = HandForm(choices, families, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = written(
            form,
            lambda: actions.book_for_family(
                found, data["child"], form.slot_id(), on=today(), by=request.actor
            ),
        )
        if made is not None:
            words = _("已约好。") if made.status == "booked" else _("已排队，有空位会自动排上。")
            messages.success(request, words)
            return redirect("activities:book", pk, class_id)
    elif request.method == "GET":
        _note(request, found)
    context = {"form": form, "activity": found, "place": place, "left": len(families)}
    return render(request, "activities/book.html", context)


@require_http_methods(["GET", "POST"])
@access(doors.keeps_booking)
def booking(request: HttpRequest, pk: int) -> HttpResponse:
    """One booking: another time, or cancelled, as the family said."""
    found: Booking = request.granted
    activity = found.activity
    bookable = found.is_live and activity.status == "invited"
    choices = slots_to_choose(activity, now()) if bookable else []
    form = TimeForm(choices, request.POST or None, present=found.slot_id)
    if request.method == "POST" and form.is_valid():
        slot_id = form.slot_id()
        changed = written(form, lambda: actions.change_booking(found, slot_id, by=request.actor))
        if changed is not None:
            messages.success(request, _("时间已换。"))
            return redirect("activities:booking", pk)
    elif request.method == "GET":
        _note(request, activity)
    context = {
        "booking": found,
        "family": families_of([found])[found.pk],
        "activity": activity,
        "form": form,
        "may_choose": bool(form.fields["slot"].choices),
    }
    return render(request, "activities/booking.html", context)


@require_POST
@access(doors.keeps_booking)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found: Booking = request.granted
    words = _("已取消，空出的位置给了排队的家庭。")
    done(request, lambda: actions.cancel_booking(found, by=request.actor), words)
    return redirect("activities:booking", pk)


@require_POST
@access(doors.keeps_booking)
def told(request: HttpRequest, pk: int) -> HttpResponse:
    found: Booking = request.granted
    done(request, lambda: actions.note_told(found, by=request.actor), _("记下了，谢谢。"))
    if rules.may_keep_bookings(request.actor, found.activity.school_id, today()):
        return redirect("activities:bookings", found.activity_id)
    return redirect("activities:index")


def _note(request: HttpRequest, activity: Activity) -> None:
    actions.note_reading(
        "booking.read",
        ("activity", activity.pk),
        by=request.actor,
        place_id=activity.school_id,
    )


def _address(request: HttpRequest, token: str | None) -> tuple[str, str]:
    if token is None:
        return "", ""
    url = request.build_absolute_uri(reverse("activities:family", args=[token]))
    return url, qr_code(url)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
