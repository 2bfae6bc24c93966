"""The page around every change of a post: asked, shown, done, and back to the list."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.words import day_words
from gongyu.ground.staff import actions as staff_actions
from gongyu.ground.staff.models import Post
from gongyu.ground.staff.rules import PostRefused

from . import previews_posts as previews
from .confirming import Change, TwoSteps, two_steps
from .forms_posts import ClosePost, TakeBackPost


def change_post(
    request: HttpRequest,
    form: forms.Form,
    *,
    crumb: dict[str, str],
    title: str,
    lead: str,
    preview: Callable[[forms.Form], Change],
    carry_out: Callable[[forms.Form], str],
) -> HttpResponse:
    """One change in two steps; `crumb` names the list from which one came and returns to."""
    steps = TwoSteps(
        form=form,
        template="access/change_form.html",
        context={"title": title, "lead": lead, "back": crumb["url"], "crumbs": [crumb]},
        preview=preview,
        carry_out=carry_out,
        done=crumb["url"],
        refusals=(PostRefused,),
    )
    return two_steps(request, steps)


def end_post(request: HttpRequest, post: Post, crumb: dict[str, str]) -> HttpResponse:
    """A post ends on a day."""

    def carry_out(form: ClosePost) -> str:
        data = form.cleaned_data
        staff_actions.close_post(post, data["until_on"], why=data["why"], by=request.actor)
        told = {"name": post.staff.name, "day": day_words(data["until_on"])}
        return _("已登记%(name)s自%(day)s起不再担任。") % told

    return change_post(
        request,
        ClosePost(request.POST or None, on=today()),
        crumb=crumb,
        title=_("结束任职"),
        lead=_named(post),
        preview=lambda form: previews.closing(post, form.cleaned_data["until_on"]),
        carry_out=carry_out,
    )


def mend_post(request: HttpRequest, post: Post, crumb: dict[str, str]) -> HttpResponse:
    """A post was entered by mistake; whom it followed holds on."""
    on = today()

    def carry_out(form: TakeBackPost) -> str:
        staff_actions.take_back_post(post, on, why=form.cleaned_data["why"], by=request.actor)
        return _("误登的任职已撤回。")

    return change_post(
        request,
        TakeBackPost(request.POST or None),
        crumb=crumb,
        title=_("撤回误登的任职"),
        lead=_named(post),
        preview=lambda form: previews.taking_back(post, on),
        carry_out=carry_out,
    )


def _named(post: Post) -> str:
    return f"{post.place.name} · {post.get_role_display()} · {post.staff.name}"
