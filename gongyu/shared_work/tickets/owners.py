"""Who answers for a desk on a day: a post, whoever holds it. There is always one, or the desk above
has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongyu.ground.places import queries as places
from gongyu.ground.places.models import Containment, Place
from gongyu.ground.staff.models import Post, Role

# In this order at each level; then the level above.
_ROLES_AT = {
    Place.Kind.DISTRICT: (Role.COMPLAINT_HANDLER, Role.DISTRICT_OFFICER),
    Place.Kind.CITY: (Role.COMPLAINT_HANDLER, Role.CITY_OFFICER),
}


@dataclass(frozen=True, slots=True)
class Owner:
    """The role that answers for a desk, at which desk, and who holds it today."""

    desk: Place
    role: str
    posts: tuple[Post, ...]

    @property
    def role_words(self) -> str:
        return str(Role(self.role).label)

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(post.staff.name for post in self.posts))


def owners_of(desks: Iterable[Place], on: date) -> dict[int, Owner]:
    """{desk id: who answers for it on the day}; a desk that is missing has nobody up to the city.
    Four SQL queries for any number of desks."""
    wanted = list(desks)
    city = places.city()
    held = _posts_by_desk({d.pk for d in wanted} | {city.pk}, on)
    found = {}
    for desk in wanted:
        for level in dict.fromkeys((desk, city)):
            owner = _owner_at(level, held)
            if owner is not None:
                found[desk.pk] = owner
                break
    return found


def _owner_at(desk: Place, held: dict[tuple[int, str], list[Post]]) -> Owner | None:
    for role in _ROLES_AT[Place.Kind(desk.kind)]:
        if posts := held.get((desk.pk, role)):
            return Owner(desk, str(role), tuple(posts))
    return None


def _posts_by_desk(desks: set[int], on: date) -> dict[tuple[int, str], list[Post]]:
    """The posts by the district or city that their department serves."""
    roles = {role for at in _ROLES_AT.values() for role in at}
    posts = list(
        Post.objects.on(on).filter(role__in=roles).select_related("staff", "place").order_by("pk")
    )
    departments = {post.place_id for post in posts}
    rows = Containment.objects.on(on).filter(
        place__in=departments, ancestor_kind__in=list(_ROLES_AT)
    )
    above: dict[int, dict[str, int]] = {}
    for place, kind, ancestor in rows.values_list("place_id", "ancestor_kind", "ancestor_id"):
        above.setdefault(place, {})[kind] = ancestor
    found: dict[tuple[int, str], list[Post]] = {}
    for post in posts:
        levels = above.get(post.place_id, {})
        desk = levels.get(Place.Kind.DISTRICT) or levels.get(Place.Kind.CITY)
        if desk in desks:
            found.setdefault((desk, post.role), []).append(post)
    return found
