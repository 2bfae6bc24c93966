"""Whose posts the district and the city open and end: the offices, and who keeps which of them.

A school keeps all its other posts itself; nobody keeps the own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place, Placement
from gongyu.ground.staff.models import Post, Role
from gongyu.ground.staff.rules import DEPARTMENT_OF, PLACE_KIND_OF, PostRefused

from .permissions import HANDLER_KEEP, HEAD_KEEP, OFFICER_KEEP, holds, may


@dataclass(frozen=True, slots=True)
class Office:
    """A role that the department above appoints. Where `is_single`, a place has one regular holder,
    upon whom the next one follows, and none is a vacancy."""

    role: Role
    permission: str
    is_single: bool

    @property
    def kind(self) -> str:
        """The kind of place at which it is held."""
        return PLACE_KIND_OF[self.role]


OFFICES: dict[str, Office] = {
    office.role: office
    for office in (
        Office(Role.HEAD, HEAD_KEEP, is_single=True),
        Office(Role.CHILDREN_DIRECTOR, HEAD_KEEP, is_single=True),
        Office(Role.DISTRICT_OFFICER, OFFICER_KEEP, is_single=False),
        Office(Role.COMPLAINT_HANDLER, HANDLER_KEEP, is_single=False),
        Office(Role.AUDITOR, OFFICER_KEEP, is_single=False),
    )
}


def offices_kept(actor: Actor | None) -> list[Office]:
    """The offices that somebody with the actor's roles keeps, in the order of the table."""
    return [office for office in OFFICES.values() if holds(actor, office.permission)]


def may_keep_office(actor: Actor | None, office: Office, place: Place, on: date) -> bool:
    """May the actor open and end posts of this office in this place?"""
    return (
        place.kind == office.kind
        and may(actor, office.permission, place.pk, on)
        and is_held_there(office, place, on)
    )


def is_held_there(office: Office, place: Place, on: date) -> bool:
    """Whether the department belongs to the district or the city, as the office asks; any other
    place of the right kind does."""
    if office.role not in DEPARTMENT_OF:
        return True
    stays = Placement.objects.on(on).filter(place=place.pk)
    return stays.filter(parent__kind__in=DEPARTMENT_OF[office.role]).exists()


def may_keep_office_post(actor: Actor | None, office: Office, post: Post, on: date) -> bool:
    """May the actor end or take back this post? Nobody keeps the own."""
    own = actor is not None and actor.staff_id == post.staff_id
    return not own and post.role == office.role and may_keep_office(actor, office, post.place, on)


def check_can_succeed(post: Post, staff_id: int | None, on: date) -> None:
    """Raises PostRefused when the holder is the same person, or begins only on the day or later."""
    told = {"name": post.staff.name, "role": Role(post.role).label}
    if post.staff_id == staff_id:
        raise PostRefused(_("%(name)s已是%(role)s，无需更换。") % told, "staff")
    if post.from_on >= on:
        told["day"] = day_words(post.from_on)
        raise PostRefused(
            _("%(name)s从%(day)s起任%(role)s，新的任职日期必须晚于这一天。") % told, "from_on"
        )
