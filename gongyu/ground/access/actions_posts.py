"""A school's head or registrar opens a post for somebody known or for a newcomer, never for oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from gongyu.ground.audit.actors import Actor
from gongyu.ground.staff import actions as staff
from gongyu.ground.staff.models import Post

from .rules_posts import check_not_for_oneself


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is to hold a post: a member of staff by id, or else a newcomer's name and telephone."""

    staff_id: int | None
    name: str = ""
    phone: str = ""


@transaction.atomic
def give_post(
    place_id: int,
    role: str,
    holder: Holder,
    from_on: date,
    *,
    by: Actor,
    until_on: date | None = None,
    acting: bool = False,
    subject: str = "",
    basis: str = "",
) -> Post:
    """Open a post for the holder. Raises PostRefused; nobody is added then."""
    return staff.open_post(
        _staff_id(holder, by),
        place_id,
        role,
        from_on,
        until_on=until_on,
        acting=acting,
        subject=subject,
        basis=basis,
        by=by,
    )


@transaction.atomic
def give_class(class_id: int, holder: Holder, on: date, *, by: Actor, basis: str = "") -> Post:
    """Hand a class over to the holder on a day. Raises PostRefused; nobody is added then."""
    return staff.hand_over(class_id, _staff_id(holder, by), on, basis=basis, by=by)


def _staff_id(holder: Holder, by: Actor) -> int:
    found = holder.staff_id
    if found is None:
        found = staff.engage(holder.name, holder.phone, by=by).pk
    check_not_for_oneself(by, found)
    return found
