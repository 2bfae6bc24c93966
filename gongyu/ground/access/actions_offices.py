"""The district appoints a school's head: the present one's post ends on the day, the new one's begins."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.staff.actions import close_post
from gongyu.ground.staff.models import Post, Role

from .actions_posts import Holder, give_post
from .queries_heads import regular_heads_from
from .rules_heads import check_can_succeed


@transaction.atomic
def appoint_head(
    school_id: int,
    holder: Holder,
    from_on: date,
    *,
    by: Actor,
    until_on: date | None = None,
    acting: bool = False,
    basis: str = "",
) -> Post:
    """Open the post of a school's head. Somebody who acts stands beside the regular head; a regular
    one follows upon the present. Raises PostRefused; nothing has changed then."""
    # Two officers who appoint at the same moment wait for each other here.
    Place.objects.select_for_update(of=("self",)).get(pk=school_id)
    if not acting:
        for post in regular_heads_from(school_id, from_on):
            check_can_succeed(post, holder.staff_id, from_on)
            close_post(post, from_on, by=by)
    return give_post(
        school_id,
        Role.HEAD,
        holder,
        from_on,
        until_on=until_on,
        acting=acting,
        basis=basis,
        by=by,
    )
