"""The district opens and ends the posts of its schools' heads; nobody else does, and nobody the own."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Post, Role
from gongyu.ground.staff.rules import PostRefused

from .permissions import HEAD_KEEP, may


def may_keep_head(actor: Actor | None, school: Place, on: date) -> bool:
    """May the actor open and end the post of this school's head?"""
    return school.kind == Place.Kind.SCHOOL and may(actor, HEAD_KEEP, school.pk, on)


def may_keep_head_post(actor: Actor | None, post: Post, on: date) -> bool:
    """May the actor end or take back this head's post? Nobody keeps the own."""
    own = actor is not None and actor.staff_id == post.staff_id
    return not own and post.role == Role.HEAD and may_keep_head(actor, post.place, on)


def check_can_succeed(post: Post, staff_id: int | None, on: date) -> None:
    """Raises PostRefused when the head is the same person, or begins only on the day or later."""
    if post.staff_id == staff_id:
        raise PostRefused(_("%(name)s已是校长，无需更换。") % {"name": post.staff.name}, "staff")
    if post.from_on >= on:
        raise PostRefused(
            _("%(name)s从%(day)s起任校长，新校长的任职日期必须晚于这一天。")
            % {"name": post.staff.name, "day": day_words(post.from_on)},
            "from_on",
        )
