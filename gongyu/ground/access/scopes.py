"""How far somebody reaches: a post reaches its place (an officer's: the district, the city) and
everything that stands below it on the day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from gongyu.ground.audit.actors import Actor, Standing
from gongyu.ground.places.models import Containment


def standing_on(actor: Actor | None, on: date) -> Standing | None:
    """What the request already knows about the actor, if it is about this day."""
    standing = actor.standing if actor is not None else None
    return standing if standing is not None and standing.on == on else None


def _scopes(actor: Actor | None, roles: tuple[str, ...]) -> frozenset[int]:
    if actor is None:
        return frozenset()
    return frozenset(p.scope_id for p in actor.posts if not roles or p.role in roles)


def reaches(actor: Actor | None, place_id: int | None, *roles: str, on: date) -> bool:
    """Does one of the actor's posts (with one of these roles; none named: any) reach the place?"""
    scopes = _scopes(actor, roles)
    if place_id is None or not scopes:
        return False
    if (standing := standing_on(actor, on)) is not None:
        return not scopes.isdisjoint(standing.above(place_id))
    return Containment.objects.on(on).filter(place=place_id, ancestor__in=scopes).exists()


def places_reached(
    actor: Actor | None, *roles: str, kind: str | None = None, on: date
) -> QuerySet[Containment]:
    """The ids of all places reached, as a subquery for `place__in=`; `kind` narrows (class …)."""
    rows = Containment.objects.on(on).filter(ancestor__in=_scopes(actor, roles))
    if kind is not None:
        rows = rows.filter(place_kind=kind)
    return rows.values("place_id")
