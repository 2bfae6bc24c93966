"""Who somebody is today: the posts in force and what they reach."""

from __future__ import annotations

from datetime import date

from gongyu.ground.audit.actors import Actor, HeldPost
from gongyu.ground.calendar.clock import today
from gongyu.ground.places.models import Place, Placement
from gongyu.ground.staff.models import Post

from .models import User


def actor_for(user: User, on: date | None = None) -> Actor | None:
    """The actor behind a signed-in account with the posts held on the day; None when signed out."""
    if not user.is_authenticated:
        return None
    if user.staff_id is None:
        return Actor(user_id=user.pk, name=user.username)
    day = on or today()
    posts = list(Post.objects.on(day).filter(staff_id=user.staff_id).select_related("place"))
    parents = dict(
        Placement.objects.on(day)
        .filter(place__in=[p.place_id for p in posts], place__kind=Place.Kind.DEPARTMENT)
        .values_list("place_id", "parent_id")
    )
    kinds = dict(Place.objects.filter(pk__in=parents.values()).values_list("pk", "kind"))
    return Actor(
        user_id=user.pk,
        name=user.staff.name,
        staff_id=user.staff_id,
        posts=tuple(_held(post, parents, kinds) for post in posts),
    )


def _held(post: Post, parents: dict[int, int], kinds: dict[int, str]) -> HeldPost:
    # A department's post reaches what the department serves: its district or the city.
    scope_id = parents.get(post.place_id, post.place_id)
    return HeldPost(
        post_id=post.pk,
        role=post.role,
        place_id=post.place_id,
        scope_id=scope_id,
        scope_kind=kinds.get(scope_id, post.place.kind),
        acting=post.acting,
    )
