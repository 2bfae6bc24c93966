"""A calendar address of one's own: made, made anew, ended."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.staff.models import Staff

from ..models import Feed
from ..queries.feeds import digest_of, new_token
from ..rules import ActivityFault


@transaction.atomic
def start_feed(*, by: Actor) -> str:
    """A new address; the former one opens nothing more. The token is returned this once and kept
    nowhere. Raises ActivityFault for somebody who is not staff."""
    if by.staff_id is None:
        raise ActivityFault(_("只有教职工可以订阅日历。"))
    Staff.objects.select_for_update().get(pk=by.staff_id)
    _end_running(by)
    token = new_token(secrets.token_hex(16))
    feed = Feed.objects.create(staff_id=by.staff_id, token_digest=digest_of(token), made_at=now())
    record("feed.start", by=by, subject=("feed", feed.pk))
    return token


@transaction.atomic
def end_feed(*, by: Actor) -> None:
    """The address opens nothing more."""
    if _end_running(by):
        record("feed.end", by=by, subject=("feed", None))


def _end_running(by: Actor) -> int:
    return Feed.objects.filter(staff=by.staff_id, ended_at__isnull=True).update(ended_at=now())
