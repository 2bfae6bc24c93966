"""Trials of the schools' complaint channels: one marked ticket a school and quarter, never counted."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append
from gongyu.ground.places.models import Place
from gongyu.shared_work.registers.actions import review

from .. import facts, queries, rules
from ..models import Ticket
from ..rules import TicketFault
from ..shapes import Told
from ..stepping import locked, move, post_of, written
from .asking import keep_told

TRIAL_KIND = "other"


@transaction.atomic
def start_trials(schools: Iterable[Place], *, at: datetime, by: Actor) -> list[Ticket]:
    """A trial ticket for each of the schools that has none running; it goes the way of every other
    one. Returns those that were started."""
    wanted = sorted(schools, key=lambda place: place.pk)
    # Two who start at the same moment wait for each other here.
    list(Place.objects.select_for_update(of=("self",)).filter(pk__in=[p.pk for p in wanted]))
    running = queries.schools_on_trial([place.pk for place in wanted])
    made = []
    for school in wanted:
        if school.pk in running:
            continue
        told = Told(TRIAL_KIND, school.pk, _("拨测：请按学校公示的渠道试一次，记下通不通。"))
        sent = rules.sent_digest(f"trial-{secrets.token_hex(8)}")
        made.append(keep_told(told, sent=sent, at=at, by=by, is_trial=True))
    return made


@transaction.atomic
def finish_trial(ticket: Ticket, *, works: bool, words: str, at: datetime, by: Actor) -> Ticket:
    """Say whether the school's channel works; where it does, its register entry counts as looked
    at. Raises TicketFault."""
    ticket = locked(ticket)
    if not ticket.is_trial:
        raise TicketFault(_("这不是拨测。"))
    on = localtime(at).date()
    if ticket.status == "received":
        move(ticket, "accept", at)
        ticket.accepted_on = ticket.clock_from = on
    move(ticket, "answer", at)
    if not words.strip():
        raise TicketFault(_("请写一句：试了哪个渠道，多久有人接。"), "words")
    ticket.channel_works = works
    ticket.handler_id = post_of(ticket, by)
    written(ticket, "answer", at=at, by=by, words=words.strip())
    move(ticket, "clock", at)
    written(ticket, "clock", at=at, by=by)
    _prove(ticket, works, at, by=by)
    return ticket


def _prove(ticket: Ticket, works: bool, at: datetime, *, by: Actor) -> None:
    on = localtime(at).date()
    days = (on - localtime(ticket.received_at).date()).days
    append(facts.tested(ticket, on, "answered" if works else "failed", days), by=by)
    record(
        "channel.try",
        by=by,
        subject=("place", ticket.about_id),
        place_id=ticket.about_id,
        detail={"works": works},
    )
    entry = queries.channel_entry(ticket.about_id, on)
    if works and entry is not None and not entry.reviews.filter(reviewed_on=on).exists():
        review(entry, reviewed_on=on, outcome="kept", on=on, by=by, note=_("拨测通畅"))
