"""The district and the city appoint: where an office has one holder, the present post ends on the day."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.staff.actions import close_post
from gongyu.ground.staff.models import Post

from .actions_posts import Holder, give_post
from .queries_offices import regular_posts_from
from .rules_offices import Office, check_can_succeed


@transaction.atomic
def appoint(
    office: Office,
    place_id: int,
    holder: Holder,
    from_on: date,
    *,
    by: Actor,
    until_on: date | None = None,
    acting: bool = False,
    basis: str = "",
) -> Post:
    """Open a post of an office. Somebody who acts stands beside the regular holder; where there is one
    alone, a regular one follows upon the present. Raises PostRefused; nothing has changed then."""
    # Two officers who appoint at the same moment wait for each other here.
    Place.objects.select_for_update(of=("self",)).get(pk=place_id)
    if office.is_single and not acting:
        for post in regular_posts_from(office, place_id, from_on):
            check_can_succeed(post, holder.staff_id, from_on)
            close_post(post, from_on, by=by)
    return give_post(
        place_id,
        office.role,
        holder,
        from_on,
        until_on=until_on,
        acting=acting,
        basis=basis,
        by=by,
    )
