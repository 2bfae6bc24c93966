"""Invite: the audience as it stands now, and where one books, a link for each family."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.shared_work.family_links.carers import (
    carers_of_families,
    carers_of_family,
    households,
    siblings_of,
)

from .. import rules
from ..models import Activity, FamilyLink
from ..queries.audience import audience_now, children_of
from ..queries.links import digest_of, new_token
from ..rows import locked, set_audience
from ..rules import ActivityFault
from .planning import note


@transaction.atomic
def invite(activity: Activity, *, on: date, by: Actor, at: datetime | None = None) -> Activity:
    """From now on families may come to know of it, and book where one books. Each family gets a
    link for its first carer who may be told. Raises ActivityFault."""
    activity = locked(activity)
    rules.check_step(activity, "invite", at or now())
    if activity.takes_bookings and not activity.slots.exists():
        raise ActivityFault(_("请先设好时段，再邀请家长。"))
    set_audience(activity, audience_now(activity))
    activity.status, activity.invited_at = "invited", now()
    activity.changed_at = now()
    activity.save(update_fields=["status", "invited_at", "changed_at"])
    made = _links_for_all(activity, on, by=by) if activity.takes_bookings else 0
    note("activity.invite", activity, by=by, detail={"links": made})
    return activity


@transaction.atomic
def make_missing_links(activity: Activity, *, on: date, by: Actor) -> int:
    """Links for the families that came to the audience since; how many. Raises ActivityFault."""
    activity = locked(activity)
    rules.check_takes_bookings(activity, now(), last_day=None)
    set_audience(activity, audience_now(activity))
    made = _links_for_all(activity, on, by=by)
    note("activity.link", activity, by=by, detail={"links": made})
    return made


@transaction.atomic
def make_family_link(
    activity: Activity, child_id: int, carer_id: int, *, on: date, by: Actor
) -> FamilyLink:
    """A link for another carer of the family, or a fresh one in place of a lost one: the former
    link of this carer opens nothing more. Raises ActivityFault."""
    activity = locked(activity)
    rules.check_takes_bookings(activity, now(), last_day=None)
    everybody = children_of(activity.audience.values_list("class_place", flat=True), on)
    siblings = [s.child_id for s in siblings_of([child_id], on).get(child_id, ())]
    family = [pk for pk in [child_id, *siblings] if pk in everybody]
    if not family or carer_id not in {c.carer_id for c in carers_of_family(family, on)}:
        raise ActivityFault(_("不能给这个人发链接。"), "carer")
    FamilyLink.objects.filter(
        activity=activity, carer=carer_id, children__in=family
    ).distinct().delete()
    [link] = _store(activity, [(carer_id, tuple(family))], by=by)
    note("activity.link", activity, by=by, detail={"links": 1})
    return link


def _links_for_all(activity: Activity, on: date, *, by: Actor) -> int:
    """A link for every family of the audience that has none; how many were made."""
    everybody = children_of(activity.audience.values_list("class_place", flat=True), on)
    linked = set(
        FamilyLink.children.through.objects.filter(familylink__activity=activity).values_list(
            "child_id", flat=True
        )
    )
    families = [f for f in households(everybody, on) if not linked.intersection(f)]
    carers = carers_of_families({f[0]: list(f) for f in families}, on)
    wanted = [(carers[f[0]][0].carer_id, f) for f in families if carers[f[0]]]
    return len(_store(activity, wanted, by=by))


def _store(
    activity: Activity, wanted: Iterable[tuple[int, tuple[int, ...]]], *, by: Actor
) -> list[FamilyLink]:
    wanted = list(wanted)
    links = FamilyLink.objects.bulk_create(
        [_link(activity, carer_id, by) for carer_id, _family in wanted], batch_size=400
    )
    through = FamilyLink.children.through
    through.objects.bulk_create(
        [
            through(familylink_id=link.pk, child_id=child)
            for link, (_carer, family) in zip(links, wanted, strict=True)
            for child in family
        ],
        batch_size=400,
    )
    return links


def _link(activity: Activity, carer_id: int, by: Actor) -> FamilyLink:
    salt = secrets.token_hex(16)
    return FamilyLink(
        activity=activity,
        carer_id=carer_id,
        salt=salt,
        token_digest=digest_of(new_token(carer_id, salt)),
        made_at=now(),
        made_by_id=by.staff_id,
    )
