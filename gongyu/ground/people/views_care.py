"""Carers between two rosters: add, custody on a day, telephone, bars; each shown before it is done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.words import day_words

from . import actions, actions_carers, doors_keeping, previews_care
from .actions_carers import Person
from .forms_keeping import (
    AddCarer,
    BarCarer,
    ChangeCare,
    ChangePhone,
    EndCare,
    LiftBar,
    TakeBack,
)
from .keeping_page import change_child

_either = require_http_methods(["GET", "POST"])


@access(doors_keeping.child_kept)
@_either
@never_cache
def add_carer(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody begins to care for the child."""
    on, child = today(), request.granted

    def typed(form: AddCarer) -> tuple[tuple, dict]:
        data = form.cleaned_data
        person = Person(data["name"], data["phone"], data["id_number"])
        flags = {key: data[key] for key in ("is_guardian", "is_daily_carer")}
        return (child, person, data["relation"], data["from_on"]), flags

    def preview(form: AddCarer):
        what, flags = typed(form)
        return previews_care.adding_carer(*what, **flags)

    def carry_out(form: AddCarer) -> str:
        what, flags = typed(form)
        actions_carers.add_carer(*what, **flags, by=request.actor)
        return _("已增加照护人。")

    return change_child(
        request,
        child,
        on,
        AddCarer(request.POST or None, on=on),
        title=_("增加照护人"),
        preview=preview,
        carry_out=carry_out,
    )


@access(doors_keeping.care_kept)
@_either
@never_cache
def change_care(request: HttpRequest, pk: int, care: int) -> HttpResponse:
    """Custody or daily care changes on a day."""
    on, row = today(), request.granted

    def carry_out(form: ChangeCare) -> str:
        actions.change_care(row, **form.cleaned_data, by=request.actor)
        return _("已登记，自%(day)s起生效；此前的记录保持不变。") % {
            "day": day_words(form.cleaned_data["on"])
        }

    def preview(form: ChangeCare):
        data = form.cleaned_data
        return previews_care.changing_care(
            row,
            data["on"],
            is_guardian=data["is_guardian"],
            is_daily_carer=data["is_daily_carer"],
        )

    now = {"is_guardian": row.is_guardian, "is_daily_carer": row.is_daily_carer}
    return change_child(
        request,
        row.child,
        on,
        ChangeCare(request.POST or None, on=on, initial=now),
        title=_("变更监护与照护"),
        lead=_lead(row),
        preview=preview,
        carry_out=carry_out,
    )


@access(doors_keeping.care_kept)
@_either
@never_cache
def end_care(request: HttpRequest, pk: int, care: int) -> HttpResponse:
    """Somebody no longer cares for the child."""
    on, row = today(), request.granted

    def carry_out(form: EndCare) -> str:
        actions.end_care(row, form.cleaned_data["on"], by=request.actor)
        return _("已登记，自%(day)s起不再是照护人。") % {"day": day_words(form.cleaned_data["on"])}

    return change_child(
        request,
        row.child,
        on,
        EndCare(request.POST or None, on=on),
        title=_("结束照护关系"),
        lead=_lead(row),
        preview=lambda form: previews_care.ending_care(row, form.cleaned_data["on"]),
        carry_out=carry_out,
    )


@access(doors_keeping.care_kept)
@_either
@never_cache
def take_back_care(request: HttpRequest, pk: int, care: int) -> HttpResponse:
    """The carer was entered by mistake."""
    on, row = today(), request.granted

    def carry_out(form: TakeBack) -> str:
        actions_carers.take_back_care(row, on, why=form.cleaned_data["why"], by=request.actor)
        return _("误登的照护人已撤回。")

    return change_child(
        request,
        row.child,
        on,
        TakeBack(request.POST or None),
        title=_("撤回误登的照护人"),
        lead=_lead(row),
        preview=lambda form: previews_care.taking_back_care(row, on),
        carry_out=carry_out,
    )


@access(doors_keeping.care_kept)
@_either
@never_cache
def change_phone(request: HttpRequest, pk: int, care: int) -> HttpResponse:
    """Other telephone numbers."""
    on, row = today(), request.granted
    carer = row.carer

    def carry_out(form: ChangePhone) -> str:
        actions_carers.change_phone(carer, row.child, **form.cleaned_data, by=request.actor)
        return _("联系电话已更新。")

    numbers = {"phone": carer.phone, "other_phone": carer.other_phone}
    return change_child(
        request,
        row.child,
        on,
        ChangePhone(request.POST or None, initial=numbers),
        title=_("变更联系电话"),
        lead=_lead(row),
        preview=lambda form: previews_care.changing_phone(
            carer, row.child, **form.cleaned_data, on=on
        ),
        carry_out=carry_out,
    )


@access(doors_keeping.care_kept)
@_either
@never_cache
def bar(request: HttpRequest, pk: int, care: int) -> HttpResponse:
    """A carer is barred from contact or from information."""
    on, row = today(), request.granted

    def carry_out(form: BarCarer) -> str:
        actions.bar_carer(row.child, row.carer, **form.cleaned_data, by=request.actor)
        return _("限制已登记，自%(day)s起生效。") % {"day": day_words(form.cleaned_data["from_on"])}

    def preview(form: BarCarer):
        data = form.cleaned_data
        return previews_care.barring(
            row,
            data["from_on"],
            data["until_on"],
            contact=data["contact"],
            information=data["information"],
        )

    return change_child(
        request,
        row.child,
        on,
        BarCarer(request.POST or None, on=on),
        title=_("登记限制"),
        lead=_lead(row),
        preview=preview,
        carry_out=carry_out,
    )


@access(doors_keeping.bar_kept)
@_either
@never_cache
def lift_bar(request: HttpRequest, pk: int, bar: int) -> HttpResponse:
    """A carer is no longer barred."""
    on, row = today(), request.granted

    def carry_out(form: LiftBar) -> str:
        data = form.cleaned_data
        actions.lift_bar(row, data["until_on"], why=data["why"], by=request.actor)
        return _("限制自%(day)s起解除。") % {"day": day_words(data["until_on"])}

    return change_child(
        request,
        row.child,
        on,
        LiftBar(request.POST or None, on=on),
        title=_("解除限制"),
        lead=f"{row.child.name} · {row.carer.name}",
        preview=lambda form: previews_care.lifting_bar(row, form.cleaned_data["until_on"]),
        carry_out=carry_out,
    )


@access(doors_keeping.bar_kept)
@_either
@never_cache
def take_back_bar(request: HttpRequest, pk: int, bar: int) -> HttpResponse:
    """The bar was entered by mistake."""
    on, row = today(), request.granted

    def carry_out(form: TakeBack) -> str:
        actions_carers.take_back_bar(row, on, why=form.cleaned_data["why"], by=request.actor)
        return _("误登的限制已撤回。")

    return change_child(
        request,
        row.child,
        on,
        TakeBack(request.POST or None),
        title=_("撤回误登的限制"),
        lead=f"{row.child.name} · {row.carer.name}",
        preview=lambda form: previews_care.taking_back_bar(row, on),
        carry_out=carry_out,
    )


def _lead(row) -> str:
    return f"{row.child.name} · {row.carer.name}（{row.get_relation_display()}）"
