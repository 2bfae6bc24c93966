"""A school's activities: the list, a new plan, the sheet; and a class's own view."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.design.sheets import download
from gongyu.ground.places.models import Place
from gongyu.shared_work.registers.queries import staff_of

from .. import rules
from ..actions import export_activities, note_reading, plan_activity
from ..forms import MeetingForm, PlanForm
from ..queries import lists
from ..queries.audience import classes_of, organiser_of, organisers_of, school_of
from ..queries.bookings import bookings_page
from ..workbook import activities_sheet
from . import doors
from .handling import written


@require_GET
@access(doors.sees_any)
def index(request: HttpRequest) -> HttpResponse:
    """Straight to the school of a leader, or to the class of a teacher who has one."""
    schools = lists.schools_seen_by(request.actor, today())
    if len(schools) == 1:
        return redirect("activities:school", schools[0].pk)
    if schools:
        return render(request, "activities/index.html", {"schools": schools})
    classes = lists.classes_seen_by(request.actor, today())
    booked = [c for c in classes if rules.may_keep_bookings(request.actor, c.pk, today())]
    if len(booked) == 1 and len(classes) == 1:
        return redirect("activities:class", booked[0].pk)
    lines = [
        (c, c in booked, rules.may_keep_class(request.actor, c.pk, today()),
         lists.class_lines(c.pk, request.actor, today(), now()))
        for c in classes
    ]  # fmt: skip
    return render(request, "activities/index.html", {"classes": lines})


@require_GET
@access(doors.reads_school)
def school(request: HttpRequest, pk: int) -> HttpResponse:
    page = lists.school_page(request.granted, today(), now())
    keeps = rules.may_keep_activities(request.actor, pk, today())
    return render(request, "activities/school.html", {"page": page, "keeps": keeps})


@require_GET
@access(doors.reads_school)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    page = export_activities(request.granted, on=today(), moment=now(), by=request.actor)
    return download(activities_sheet(page, today()), f"activities-{pk}-{today().isoformat()}.xlsx")


@require_http_methods(["GET", "POST"])
@access(doors.keeps_school)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    place: Place = request.granted
    form = plan_form(request, place, initial={"day": None, "kind": request.GET.get("kind")})
    return _plan(request, form, place, _("计划一次活动"))


@require_http_methods(["GET", "POST"])
@access(doors.keeps_class)
def plan_meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """A parents' meeting of one class: nobody else is invited, whatever is sent."""
    place: Place = request.granted
    form = meeting_form(request, [place])
    return _plan(request, form, place, _("计划本班家长会"))


def _plan(request: HttpRequest, form: PlanForm, place: Place, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        there = [c.place_id for c in classes_of(form.cleaned_data["organiser"], _day(form))]
        key = form.cleaned_data["key"] or form.fields["key"].initial
        made = written(
            form,
            lambda: plan_activity(form.plan(there), key=key, on=today(), by=request.actor),
        )
        if made is not None:
            messages.success(request, _("已列入计划。接着设时段、邀请家长。"))
            return redirect("activities:activity", made.pk)
    context = {"form": form, "title": title, "place": place}
    return render(request, "activities/form.html", context)


def plan_form(request: HttpRequest, place: Place, initial: dict | None = None) -> PlanForm:
    """The form of a school's plans. Classes are those of today; the action checks the day."""
    first = {"responsible": request.actor.staff_id, **(initial or {})}
    return PlanForm(
        request.POST or None,
        initial=first,
        organisers=organisers_of(place, today()),
        classes=classes_of(place.pk, today()),
        staff=staff_of(place, today()),
    )


def meeting_form(request: HttpRequest, places: list[Place]) -> MeetingForm:
    """The form of a class teacher for the own classes."""
    organiser = organiser_of(places[0], today())
    school = school_of(places[0].pk, today())
    return MeetingForm(
        request.POST or None,
        initial={"responsible": request.actor.staff_id},
        organisers=[organiser],
        classes=[c for c in classes_of(school.pk, today()) if c.place in places],
        staff=staff_of(school, today()),
    )


def _day(form: PlanForm):
    return form.cleaned_data["day"]


@require_GET
@access(doors.books_class)
def school_class(request: HttpRequest, pk: int) -> HttpResponse:
    """The class teacher's phone: what my families are invited to, who booked, whom to tell."""
    note_reading("booking.read", ("class", pk), by=request.actor, place_id=pk)
    lines = lists.class_lines(pk, request.actor, today(), now())
    rows = [
        (line, bookings_page(line.activity, request.actor, today()))
        for line in lines
        if line.activity.takes_bookings and line.state in {"invited", "held", "cancelled"}
    ]
    planned = [line for line in lines if line.state == "planned"]
    plain = [line for line in lines if not line.activity.takes_bookings and line not in planned]
    context = {
        "place": request.granted,
        "rows": rows,
        "planned": planned,
        "plain": plain,
        "plans": rules.may_keep_class(request.actor, pk, today()),
        "kept": lists.kept_among(lines, request.actor, today()),
    }
    return render(request, "activities/class.html", context)
