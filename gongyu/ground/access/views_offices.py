"""The heads of a district's schools: who leads which, appoint, end, take back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.words import day_words
from gongyu.ground.design.sheets import download
from gongyu.ground.places.models import Place
from gongyu.ground.staff import actions as staff_actions

from . import previews_posts
from . import queries_heads as queries
from .actions_heads import appoint_head
from .actions_sheets import export_heads
from .doors import access
from .forms_heads import AppointHead, HeadsFilter
from .forms_posts import ClosePost, TakeBackPost
from .permissions import HEAD_KEEP, holds
from .post_change import change_post
from .previews_heads import appointing
from .queries_posts import staff_to_choose
from .workbook import heads_sheet

_either = require_http_methods(["GET", "POST"])


def _keeps_heads(request: HttpRequest) -> bool:
    return holds(request.actor, HEAD_KEEP)


def _school_kept(request: HttpRequest, school_id: int) -> Place | None:
    return queries.kept_school(request.actor, school_id, today())


def _head_kept(request: HttpRequest, school_id: int, post_id: int) -> queries.KeptHead | None:
    return queries.kept_head(request.actor, school_id, post_id, today())


@access(_keeps_heads)
@require_GET
def heads(request: HttpRequest) -> HttpResponse:
    """Every school of the district with its head; those without one can be listed alone."""
    form = HeadsFilter(request.GET)
    number = request.GET.get("page", "1")
    found = queries.heads_page(request.actor, *_asked(form), number, today())
    return render(request, "access/heads.html", {"found": found, "form": form})


@access(_keeps_heads)
@require_GET
def heads_export(request: HttpRequest) -> HttpResponse:
    """The list as a sheet, with what was filtered and all its pages."""
    rows = export_heads(*_asked(HeadsFilter(request.GET)), on=today(), by=request.actor)
    return download(heads_sheet(rows, today()), f"heads-{today().isoformat()}.xlsx")


def _asked(form: HeadsFilter) -> tuple[str, bool]:
    asked = form.cleaned_data if form.is_valid() else {"q": "", "vacant": False}
    return asked["q"].strip(), asked["vacant"]


@access(_school_kept)
@_either
def appoint(request: HttpRequest, school_id: int) -> HttpResponse:
    """A head begins or acts; the present head's post ends with a regular appointment."""
    school, by, on = request.granted, request.actor, today()
    people = staff_to_choose(school, on)

    def carry_out(form: AppointHead) -> str:
        data = form.cleaned_data
        more = {name: data[name] for name in ("until_on", "acting", "basis")}
        post = appoint_head(school_id, form.holder, data["from_on"], **more, by=by)
        return _("已登记：%(name)s自%(day)s起任职。请到“查阅授权”为其授权。") % {
            "name": post.staff.name,
            "day": day_words(post.from_on),
        }

    return change_post(
        request,
        AppointHead(request.POST or None, people=people, on=on),
        crumb=_crumb(),
        title=_("登记校长任职"),
        lead=school.name,
        preview=lambda form: appointing(school, form, by=by),
        carry_out=carry_out,
    )


@access(_head_kept)
@_either
def close_head(request: HttpRequest, school_id: int, post_id: int) -> HttpResponse:
    """A head's post ends on a day."""
    post, by = request.granted.post, request.actor

    def carry_out(form: ClosePost) -> str:
        data = form.cleaned_data
        staff_actions.close_post(post, data["until_on"], why=data["why"], by=by)
        return _("已登记%(name)s自%(day)s起不再担任。") % {
            "name": post.staff.name,
            "day": day_words(data["until_on"]),
        }

    return change_post(
        request,
        ClosePost(request.POST or None, on=today()),
        crumb=_crumb(),
        title=_("结束任职"),
        lead=f"{post.place.name} · {post.staff.name}",
        preview=lambda form: previews_posts.closing(post, form.cleaned_data["until_on"]),
        carry_out=carry_out,
    )


@access(_head_kept)
@_either
def take_back_head(request: HttpRequest, school_id: int, post_id: int) -> HttpResponse:
    """A head's post was entered by mistake; whom it followed holds on."""
    post, by, on = request.granted.post, request.actor, today()

    def carry_out(form: TakeBackPost) -> str:
        staff_actions.take_back_post(post, on, why=form.cleaned_data["why"], by=by)
        return _("误登的任职已撤回。")

    return change_post(
        request,
        TakeBackPost(request.POST or None),
        crumb=_crumb(),
        title=_("撤回误登的任职"),
        lead=f"{post.place.name} · {post.staff.name}",
        preview=lambda form: previews_posts.taking_back(post, on),
        carry_out=carry_out,
    )


def _crumb() -> dict[str, str]:
    return {"label": _("校长任职"), "url": reverse("access:heads")}
