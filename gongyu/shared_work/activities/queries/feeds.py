"""Whose calendar an address opens today, and which activities stand in it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware

from gongyu.ground.access.models import User
from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.queries import family_of
from gongyu.ground.families.shapes import Family
from gongyu.shared_work.family_links import tokens

from .. import rules
from ..models import Activity, FamilyFeed, Feed

_PURPOSE = "calendar"
_BACK, _AHEAD = timedelta(days=60), timedelta(days=366)


def digest_of(token: str) -> str:
    return tokens.digest_of(_PURPOSE, token)


def new_token(salt: str) -> str:
    return tokens.token_for(_PURPOSE, salt)


def open_feed(token: str, on: date) -> Actor | None:
    """The person behind a calendar address. It opens nothing once it was ended, once the account
    is closed, or once the person holds no post: whoever leaves takes no calendar along."""
    rows = Feed.objects.filter(token_digest=digest_of(token), ended_at__isnull=True)
    feed = rows.first()
    if feed is None:
        return None
    user = User.objects.filter(staff=feed.staff_id, is_active=True).first()
    actor = actor_for(user, on) if user else None
    return actor if actor and actor.posts else None


def feed_of(actor: Actor | None) -> Feed | None:
    """The person's own running feed."""
    if actor is None or actor.staff_id is None:
        return None
    return Feed.objects.filter(staff=actor.staff_id, ended_at__isnull=True).first()


def activities_in_calendar(actor: Actor, on: date) -> list[Activity]:
    """What the person sees, from two months back; the cancelled and moved ones too, so that a phone
    takes them away. One SQL query."""
    first = make_aware(datetime.combine(on - _BACK, time.min))
    until = make_aware(datetime.combine(on + _AHEAD, time.min))
    rows = rules.activities_visible_to(actor, on).filter(starts_at__gte=first, starts_at__lt=until)
    return list(rows.select_related("organiser").order_by("starts_at", "pk"))


def open_family_feed(token: str, on: date) -> Family | None:
    """The family behind a calendar address, as it is today; None once it was ended, the carer sees no
    child any more, or the number by which it was made is not the carer's any more."""
    feed = FamilyFeed.objects.filter(token_digest=digest_of(token), ended_at__isnull=True).first()
    if feed is None:
        return None
    return family_of(feed.carer_id, on, number=feed.phone_digest or None)


def feed_of_family(family: Family) -> FamilyFeed | None:
    """The carer's own running feed."""
    return FamilyFeed.objects.filter(carer=family.carer_id, ended_at__isnull=True).first()
