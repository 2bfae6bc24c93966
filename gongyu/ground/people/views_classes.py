"""The classes and campuses of a school: open, rename, close, merge."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.access.confirming import Change, TwoSteps, two_steps
from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.words import day_words
from gongyu.ground.calendar.years import school_year_bounds, school_year_of
from gongyu.ground.design.sheets import download
from gongyu.ground.places import actions as place_actions
from gongyu.ground.places.models import Place
from gongyu.ground.places.rules import PlaceRefused
from gongyu.ground.staff.rules import PostRefused

from . import actions_classes as actions
from . import previews_classes as previews
from . import queries_classes as queries
from .forms_classes import ClosePlace, Merge, OpenCampus, OpenClass, Rename
from .rules import PeopleRefused
from .workbook_classes import classes_sheet

_either = require_http_methods(["GET", "POST"])


def _school(request: HttpRequest, school_id: int) -> Place | None:
    return queries.kept_school(request.actor, school_id, today())


def _place(request: HttpRequest, school_id: int, pk: int) -> queries.KeptPlace | None:
    return queries.kept_place(request.actor, school_id, pk, today())


def _class(request: HttpRequest, school_id: int, pk: int) -> queries.KeptPlace | None:
    return queries.kept_class(request.actor, school_id, pk, today())


@access(_school)
@require_GET
def classes(request: HttpRequest, school_id: int) -> HttpResponse:
    """Every class of the school year with its teacher and size, and the campuses."""
    page = queries.classes_page(request.granted, today())
    return render(request, "people/keeping/classes.html", {"school": request.granted, "page": page})


@access(_school)
@require_GET
def classes_export(request: HttpRequest, school_id: int) -> HttpResponse:
    """The same as a sheet."""
    page = actions.export_classes(request.granted, on=today(), by=request.actor)
    content = classes_sheet(request.granted, page, today())
    return download(content, f"classes-{school_id}-{today().isoformat()}.xlsx")


@access(_school)
@_either
def open_class(request: HttpRequest, school_id: int) -> HttpResponse:
    """A class begins and runs to the end of its school year."""
    school, by, on = request.granted, request.actor, today()
    campuses = queries.campuses_of(school, on)
    form = OpenClass(
        request.POST or None, stages=queries.stages_of(school), campuses=campuses, on=on
    )

    def told(form: OpenClass) -> dict:
        data, (stage, grade) = form.cleaned_data, form.stage_and_grade
        year = school_year_of(data["from_on"])
        number = data["number"] or queries.next_number(school, year, stage, grade)
        until_on = school_year_bounds(year)[1]
        days = {"from_on": data["from_on"], "until_on": until_on}
        return {"school_year": year, "stage": stage, "grade": grade, "number": number, **days}

    def preview(form: OpenClass) -> Change:
        row = told(form)
        days = (row["from_on"], row["until_on"])
        name = form.cleaned_data["name"]
        return previews.opening_class(school, row["stage"], row["grade"], row["number"], name, days)

    def carry_out(form: OpenClass) -> str:
        data = form.cleaned_data
        more = {"name": data["name"] or None, "campus_id": data.get("campus")}
        made = place_actions.open_class(school.pk, **told(form), **more, by=by)
        return _("已开设%(class)s，自%(day)s起。") % {
            "class": made.place.name,
            "day": day_words(made.place.from_on),
        }

    return _change(request, school, form, _("开设班级"), preview, carry_out)


@access(_school)
@_either
def open_campus(request: HttpRequest, school_id: int) -> HttpResponse:
    """A campus or teaching point begins."""
    school, by = request.granted, request.actor

    def carry_out(form: OpenCampus) -> str:
        data = form.cleaned_data
        made = actions.open_campus(school, data["name"], data["from_on"], by=by)
        return _("已增设%(name)s。") % {"name": made.name}

    def preview(form: OpenCampus) -> Change:
        return previews.opening_campus(
            school, form.cleaned_data["name"], form.cleaned_data["from_on"]
        )

    form = OpenCampus(request.POST or None, on=today())
    return _change(request, school, form, _("增设校区"), preview, carry_out)


@access(_place)
@_either
def rename(request: HttpRequest, school_id: int, pk: int) -> HttpResponse:
    """Another name for a class or a campus."""
    kept, by = request.granted, request.actor

    def carry_out(form: Rename) -> str:
        beside = queries.neighbours_of(kept.place)
        before, name = kept.place.name, form.cleaned_data["name"]
        place_actions.rename_place(kept.place, name, beside=beside, by=by)
        return _("“%(before)s”已改名为“%(name)s”。") % {"before": before, "name": name}

    def preview(form: Rename) -> Change:
        return previews.renaming(kept.place, form.cleaned_data["name"])

    form = Rename(request.POST or None, initial={"name": kept.place.name})
    return _change(request, kept.school, form, _("改名"), preview, carry_out, kept.place.name)


@access(_place)
@_either
def close(request: HttpRequest, school_id: int, pk: int) -> HttpResponse:
    """A class or a campus is no more."""
    kept, by = request.granted, request.actor

    def carry_out(form: ClosePlace) -> str:
        data = form.cleaned_data
        if kept.place.kind == Place.Kind.CLASS:
            actions.close_class(kept.place, data["until_on"], why=data["why"], by=by)
        else:
            actions.close_campus(kept.place, data["until_on"], by=by)
        return _("%(name)s自%(day)s起撤销。") % {
            "name": kept.place.name,
            "day": day_words(data["until_on"]),
        }

    def preview(form: ClosePlace) -> Change:
        return previews.closing(kept.place, form.cleaned_data["until_on"])

    form = ClosePlace(request.POST or None, on=today())
    title = _("撤销班级") if kept.place.kind == Place.Kind.CLASS else _("撤销校区")
    return _change(request, kept.school, form, title, preview, carry_out, kept.place.name)


@access(_class)
@_either
def merge(request: HttpRequest, school_id: int, pk: int) -> HttpResponse:
    """Every child goes over to another class, and this one is no more."""
    kept, by, on = request.granted, request.actor, today()
    others = queries.classes_to_join(kept.place.school_class, on)

    def carry_out(form: Merge) -> str:
        day = form.cleaned_data["on"]
        count = actions.merge_classes(kept.place, form.target, day, by=by)
        return _("已并班：自%(day)s起，%(count)d名学生在%(class)s。") % {
            "day": day_words(day),
            "count": count,
            "class": form.target.name,
        }

    def preview(form: Merge) -> Change:
        return previews.merging(kept.place, form.target, form.cleaned_data["on"])

    form = Merge(request.POST or None, classes=others, on=on)
    return _change(request, kept.school, form, _("并班"), preview, carry_out, kept.place.name)


def _change(
    request: HttpRequest,
    school: Place,
    form: forms.Form,
    title: str,
    preview: Callable[[forms.Form], Change],
    carry_out: Callable[[forms.Form], str],
    lead: str = "",
) -> HttpResponse:
    back = reverse("keeping:classes", args=[school.pk])
    steps = TwoSteps(
        form=form,
        template="access/change_form.html",
        context={
            "title": title,
            "lead": lead or school.name,
            "back": back,
            "crumbs": [{"label": _("班级与校区"), "url": back}],
        },
        preview=preview,
        carry_out=carry_out,
        done=back,
        refusals=(PeopleRefused, PlaceRefused, PostRefused),
    )
    return two_steps(request, steps)
