"""Who keeps which posts of a school: the head all but the own, the registrar those of the classes."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Post, Role
from gongyu.ground.staff.rules import PostRefused

from .permissions import POST_KEEP, may
from .scopes import reaches

_TEACHING = (Role.CLASS_TEACHER, Role.SUBJECT_TEACHER)
# A head's own post is the district's matter. A post gives its holder a way to children's data, so
# the registrar opens none above the classes.
KEEPS: dict[str, tuple[str, ...]] = {
    Role.HEAD: (
        *_TEACHING,
        Role.MORAL_EDUCATION_HEAD,
        Role.SCHOOL_LEADER,
        Role.REGISTRAR,
        Role.REPORT_LIAISON,
    ),
    Role.REGISTRAR: _TEACHING,
}


def may_keep_posts(actor: Actor | None, school: Place, on: date) -> bool:
    """May the actor keep posts of this school?"""
    return school.kind == Place.Kind.SCHOOL and may(actor, POST_KEEP, school.pk, on)


def roles_kept(actor: Actor | None, school_id: int, on: date) -> tuple[str, ...]:
    """The roles whose posts the actor opens and closes in the school, in the order of the table."""
    if actor is None:
        return ()
    kept = {
        role
        for holder, roles in KEEPS.items()
        if actor.has_role(holder) and reaches(actor, school_id, holder, on=on)
        for role in roles
    }
    return tuple(role for role in KEEPS[Role.HEAD] if role in kept)


def may_keep_post(actor: Actor | None, post: Post, school_id: int, on: date) -> bool:
    """May the actor end or take back this post? Nobody keeps the own posts."""
    own = actor is not None and actor.staff_id == post.staff_id
    return not own and post.role in roles_kept(actor, school_id, on)


def check_not_for_oneself(actor: Actor, staff_id: int | None) -> None:
    """Raises PostRefused for whoever gives a post to oneself."""
    if staff_id is not None and staff_id == actor.staff_id:
        raise PostRefused(_("不能为本人登记任职。请由有权登记的其他人员办理。"), "staff")
