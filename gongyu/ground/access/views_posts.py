"""The posts of a school: who leads which class since when, hand over, act, open, end."""

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
from gongyu.ground.places.queries import running_classes
from gongyu.ground.staff.coverage import WEEKS_SHOWN
from gongyu.ground.staff.models import Role

from . import previews_posts as previews
from . import queries_posts as queries
from .actions_posts import give_class, give_post
from .actions_sheets import export_posts
from .doors import access
from .forms_posts import Acting, HandOver, OpenPost
from .post_change import change_post, end_post, mend_post
from .rules_posts import roles_kept
from .workbook import posts_sheet

_either = require_http_methods(["GET", "POST"])


def _school_kept(request: HttpRequest, school_id: int) -> Place | None:
    return queries.kept_school(request.actor, school_id, today())


def _class_kept(request: HttpRequest, school_id: int, class_id: int) -> queries.KeptClass | None:
    return queries.kept_class(request.actor, school_id, class_id, today())


def _post_kept(request: HttpRequest, school_id: int, post_id: int) -> queries.KeptPost | None:
    return queries.kept_post(request.actor, school_id, post_id, today())


@access(_school_kept)
@require_GET
def posts(request: HttpRequest, school_id: int) -> HttpResponse:
    """Every class with its class teacher today and the gaps of the last weeks; the leaders."""
    context = {
        "school": request.granted,
        "page": queries.posts_page(request.actor, request.granted, today()),
        "weeks": WEEKS_SHOWN.days // 7,
    }
    return render(request, "access/posts.html", context)


@access(_school_kept)
@require_GET
def posts_export(request: HttpRequest, school_id: int) -> HttpResponse:
    """The same as a sheet."""
    page = export_posts(request.granted, on=today(), by=request.actor)
    content = posts_sheet(request.granted, page, today())
    return download(content, f"posts-{school_id}-{today().isoformat()}.xlsx")


@access(_school_kept)
@require_GET
def history(request: HttpRequest, school_id: int) -> HttpResponse:
    """Every post of the school, the newest first."""
    page = queries.history(request.granted, request.GET.get("page", "1"))
    context = {"school": request.granted, "page": page, "crumbs": [_crumb(request.granted)]}
    return render(request, "access/posts_history.html", context)


@access(_class_kept)
@require_GET
def of_class(request: HttpRequest, school_id: int, class_id: int) -> HttpResponse:
    """Every post of a class, the newest first, with what can be done."""
    kept = request.granted
    context = {
        "school": kept.school,
        "place": kept.place,
        "lines": queries.class_posts(request.actor, kept, today()),
        "crumbs": [_crumb(kept.school)],
    }
    return render(request, "access/posts_class.html", context)


@access(_class_kept)
@_either
def hand_over(request: HttpRequest, school_id: int, class_id: int) -> HttpResponse:
    """Another class teacher from a day on."""
    kept, by, on = request.granted, request.actor, today()
    people = queries.staff_to_choose(kept.school, on)

    def carry_out(form: HandOver) -> str:
        data = form.cleaned_data
        post = give_class(class_id, form.holder, data["on"], basis=data["basis"], by=by)
        return _("已登记：自%(day)s起由%(name)s任%(class)s班主任。") % {
            "day": day_words(data["on"]),
            "name": post.staff.name,
            "class": kept.place.name,
        }

    return change_post(
        request,
        HandOver(request.POST or None, people=people, on=on),
        crumb=_crumb(kept.school),
        title=_("交接班主任"),
        lead=kept.place.name,
        preview=lambda form: previews.handing_over(kept.place, form, by=by),
        carry_out=carry_out,
    )


@access(_class_kept)
@_either
def acting(request: HttpRequest, school_id: int, class_id: int) -> HttpResponse:
    """Somebody acts as class teacher from a day until a day."""
    kept, by, on = request.granted, request.actor, today()
    people = queries.staff_to_choose(kept.school, on)

    def carry_out(form: Acting) -> str:
        data = form.cleaned_data
        post = give_post(
            class_id,
            Role.CLASS_TEACHER,
            form.holder,
            data["from_on"],
            until_on=data["until_on"],
            acting=True,
            basis=data["basis"],
            by=by,
        )
        return _("已登记：%(name)s自%(day)s起代理%(class)s班主任。") % {
            "name": post.staff.name,
            "day": day_words(data["from_on"]),
            "class": kept.place.name,
        }

    return change_post(
        request,
        Acting(request.POST or None, people=people, on=on),
        crumb=_crumb(kept.school),
        title=_("登记代理班主任"),
        lead=kept.place.name,
        preview=lambda form: previews.acting(kept.place, form, by=by),
        carry_out=carry_out,
    )


@access(_school_kept)
@_either
def open_post(request: HttpRequest, school_id: int) -> HttpResponse:
    """A post begins, in a class or in the school."""
    school, by, on = request.granted, request.actor, today()
    classes = {one.pk: one for one in running_classes(school.pk, on)}
    form = OpenPost(
        request.POST or None,
        people=queries.staff_to_choose(school, on),
        roles=roles_kept(by, school_id, on),
        classes=[(pk, one.name) for pk, one in classes.items()],
        on=on,
    )

    def place(form: OpenPost) -> Place:
        return classes.get(form.cleaned_data["school_class"], school)

    def carry_out(form: OpenPost) -> str:
        data = form.cleaned_data
        post = give_post(
            place(form).pk,
            data["role"],
            form.holder,
            data["from_on"],
            subject=data["subject"],
            basis=data["basis"],
            by=by,
        )
        return _("已登记%(name)s的任职，自%(day)s起。") % {
            "name": post.staff.name,
            "day": day_words(data["from_on"]),
        }

    return change_post(
        request,
        form,
        crumb=_crumb(school),
        title=_("登记任职"),
        lead=school.name,
        preview=lambda form: previews.opening(place(form), form, by=by),
        carry_out=carry_out,
    )


@access(_post_kept)
@_either
def close_post(request: HttpRequest, school_id: int, post_id: int) -> HttpResponse:
    """A post ends on a day."""
    return end_post(request, request.granted.post, _crumb(request.granted.school))


@access(_post_kept)
@_either
def take_back_post(request: HttpRequest, school_id: int, post_id: int) -> HttpResponse:
    """A post was entered by mistake."""
    return mend_post(request, request.granted.post, _crumb(request.granted.school))


def _crumb(school: Place) -> dict[str, str]:
    return {"label": _("任职"), "url": reverse("access:posts", args=[school.pk])}
