"""Who may work without a network, for which classes, and how long a kit holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from gongyu.ground.access.permissions import CHILD_READ, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Role

from .models import Kit, Why

# What is kept on a phone is kept this long and no longer (docs/adr/0011).
KEPT = timedelta(hours=72)
# Receipts outlive every entry that could still arrive, then go.
RECEIPTS_KEPT = timedelta(days=31)


def may_work_offline(actor: Actor | None) -> bool:
    """Class teachers; which classes, `classes_kept` says."""
    return actor is not None and actor.has_role(Role.CLASS_TEACHER)


def classes_kept(actor: Actor | None, on: date) -> QuerySet:
    """The ids of the classes that a device may hold: the own ones as class teacher, as long as
    an approval runs."""
    if actor is None:
        return places_with(None, CHILD_READ, on=on)
    own = replace(actor, posts=tuple(p for p in actor.posts if p.role == Role.CLASS_TEACHER))
    return places_with(own, CHILD_READ, kind=Place.Kind.CLASS, on=on)


def kits_visible_to(actor: Actor | None) -> QuerySet[Kit]:
    """The own kits; nobody else has a reason to see on how many devices somebody works."""
    if actor is None or actor.staff_id is None:
        return Kit.objects.none()
    return Kit.objects.filter(staff=actor.staff_id)


def may_use_kit(actor: Actor | None, kit: Kit) -> bool:
    return actor is not None and actor.staff_id is not None and actor.staff_id == kit.staff_id


def may_renew(kit: Kit) -> bool:
    """May the device be given pupils again? What it held longer than three days it wiped itself,
    so that a kit which slept over the holidays does no harm."""
    return kit.closed_at is None


def was_given_up(kit: Kit) -> bool:
    """Did its owner close it, such as after losing the phone? Then the device keeps nothing."""
    return kit.closed_at is not None and kit.closed_why != Why.ENDED


def still_takes(kit: Kit, at: datetime) -> bool:
    """An entry may be typed until the kit ends, and wait as long again. A kit whose post ended
    still hands in what was typed before; one closed by its owner holds nothing any more."""
    return not was_given_up(kit) and at < kit.until_at + KEPT
