"""The desk of an officer's own post."""

from __future__ import annotations

from datetime import date

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Role

from .. import rules
from ..models import LocalLimit
from ..parameters import Limit, limit_of


def desk_of_officer(actor: Actor | None, on: date) -> Place | None:
    if actor is None:
        return None
    for post in actor.posts:
        officer = post.role in (Role.DISTRICT_OFFICER, Role.CITY_OFFICER)
        if officer and rules.may_oversee(actor, post.scope_id, on):
            return Place.objects.on(on).filter(pk=post.scope_id).first()
    return None


def limits_of(desk: Place, on: date) -> list[tuple[str, Limit, LocalLimit | None]]:
    """Each limit that can be made stricter: its name, the plan's, and the desk's own of the day."""
    own = {row.clock: row for row in LocalLimit.objects.on(on).filter(desk=desk)}
    return [
        (str(LocalLimit.Clock(name).label), limit_of(name), own.get(name))
        for name in LocalLimit.Clock.values
    ]


def fixed_limits() -> list[tuple[str, Limit]]:
    """The limits that are the same everywhere, for the page of limits."""
    return [(name, limit_of(name)) for name in ("take", "reopen")]
