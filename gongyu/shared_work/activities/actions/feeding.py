"""A calendar address of one's own: made, made anew, ended."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.people.models import Carer
from gongyu.ground.staff.models import Staff

from ..models import FamilyFeed, Feed
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


@transaction.atomic
def start_family_feed(number: str, *, by: Actor) -> str:
    """A new address for a carer; the former one opens nothing more. `number` is the digest by which
    the carer came in, empty for a printed code. The token is returned this once. Raises
    ActivityFault for somebody who is no carer."""
    if by.carer_id is None:
        raise ActivityFault(_("只有家长可以订阅家庭日历。"))
    Carer.objects.select_for_update().get(pk=by.carer_id)
    _end_of_family(by)
    token = new_token(secrets.token_hex(16))
    feed = FamilyFeed.objects.create(
        carer_id=by.carer_id, phone_digest=number, token_digest=digest_of(token), made_at=now()
    )
    record("feed.start", by=by, subject=("family_feed", feed.pk))
    return token


@transaction.atomic
def end_family_feed(*, by: Actor) -> None:
    """The carer's address opens nothing more."""
    if _end_of_family(by):
        record("feed.end", by=by, subject=("family_feed", None))


def _end_of_family(by: Actor) -> int:
    running = FamilyFeed.objects.filter(carer=by.carer_id, ended_at__isnull=True)
    return running.update(ended_at=now())
