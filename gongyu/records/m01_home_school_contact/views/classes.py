"""The class on the teacher's phone: who is to be visited; propose times; print; take out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today

from .. import rules
from ..actions import export_visits, note_reading, propose_times
from ..forms import ProposalForm
from ..queries.families import carers_for_contact
from ..queries.overview import ChildRow, ClassOverview, classes_for
from ..queries.work import progress_for, waiting_for
from ..workbook import MEDIA_TYPE, file_name, workbook
from . import doors


@require_GET
@access(doors.visiting_staff)
def index(request: HttpRequest) -> HttpResponse:
    """Straight to the class of whoever has one; a list of classes for the others."""
    classes = classes_for(request.actor, today())
    if len(classes) == 1:
        return redirect("visits:class", classes[0].place_id)
    return render(
        request,
        "visits/index.html",
        {
            "classes": progress_for(request.actor, classes, today()),
            "waiting": waiting_for(request.actor, today()),
            "decides": rules.may_decide_at_all(request.actor),
        },
    )


@require_GET
@access(doors.visiting_staff)
def choose_child(request: HttpRequest) -> HttpResponse:
    """`Record a visit` from the menu: first the class, then the child."""
    classes = classes_for(request.actor, today())
    if len(classes) == 1:
        return redirect("visits:class", classes[0].place_id)
    return render(
        request, "visits/index.html", {"classes": [(one, None) for one in classes], "waiting": None}
    )


@require_GET
@access(doors.class_at_work)
def class_page(request: HttpRequest, pk: int) -> HttpResponse:
    overview: ClassOverview = request.granted
    note_reading("class.read", ("class", pk), by=request.actor, place_id=pk)
    by_road = request.GET.get("by") == "road"
    template = "visits/_families.html" if request.htmx else "visits/class.html"
    return render(
        request,
        template,
        {
            "overview": overview,
            "by_road": by_road,
            "plans": rules.sees_needs(request.actor, pk, today()),
            "waiting": waiting_for(request.actor, today()),
            "on": today(),
        },
    )


@require_GET
@access(doors.class_planned)
def print_page(request: HttpRequest, pk: int) -> HttpResponse:
    note_reading("class.read", ("class", pk), by=request.actor, place_id=pk)
    return render(request, "visits/print.html", {"overview": request.granted, "on": today()})


@require_GET
@access(doors.class_named)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    rows = export_visits(pk, on=today(), by=request.actor)
    title = _("%s 家访记录") % request.granted.name
    response = HttpResponse(workbook(title, rows, today()), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{file_name(pk, today())}"'
    return response


@require_http_methods(["GET", "POST"])
@access(doors.class_planned)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    overview: ClassOverview = request.granted
    chosen = _chosen(request, overview)
    if not chosen:
        messages.info(request, _("请先在名单里勾选要约的孩子。"))
        return redirect("visits:class", pk)
    form = ProposalForm(request.POST or None, on=today())
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_times(
                form.entry(_families(chosen)), overview.place, on=today(), by=request.actor
            )
        except rules.VisitFault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, str(fault))
        else:
            messages.success(request, _("已提出时间，共 %d 家。请把联系单发给家长。") % len(made))
            return _to_slips(pk, [proposal.pk for proposal in made])
    carers = carers_for_contact([row.child.pk for row in chosen], today())
    rows = [(row, carers.get(row.child.pk, [])) for row in chosen]
    return render(
        request,
        "visits/propose.html",
        {"overview": overview, "rows": rows, "form": form, "chosen": chosen},
    )


def _chosen(request: HttpRequest, overview: ClassOverview) -> list[ChildRow]:
    asked = request.POST if request.method == "POST" else request.GET
    ids = set(asked.getlist("child"))
    return [row for row in overview.rows if str(row.child.pk) in ids]


def _families(chosen: list[ChildRow]) -> list[tuple[int, ...]]:
    """The chosen children, siblings of the same class together."""
    left = {row.child.pk: row for row in chosen}
    families = []
    for row in chosen:
        if row.child.pk not in left:
            continue
        together = [row.child.pk, *(s.child_id for s in row.siblings if s.child_id in left)]
        families.append(tuple(dict.fromkeys(together)))
        for child_id in together:
            left.pop(child_id, None)
    return families


def _to_slips(pk: int, made: list[int]) -> HttpResponseRedirect:
    if len(made) == 1:
        return redirect("visits:proposal", made[0])
    return redirect("visits:slips", pk)
