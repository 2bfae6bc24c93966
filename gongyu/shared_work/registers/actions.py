"""Enter, replace, end and review register entries."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.ledger.actions import append, append_many, standing_fact_of
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Staff

from . import facts, rules
from .models import Channel, Entry, Review


@transaction.atomic
def enter(
    place: Place,
    kind: str,
    *,
    title: str,
    from_on: date,
    responsible: Staff,
    by: Actor,
    until_on: date | None = None,
    document_number: str = "",
    note: str = "",
    channels: dict[str, tuple[int, str]] | None = None,
) -> Entry:
    """Say that a place has something from a day (until the day before `until_on`). `channels` of a
    contact mechanism: {kind of channel: (whom to ask, how)}.

    Raises RegisterFault: the kind does not belong here, or another entry covers these days.
    """
    # Two who enter for one place at the same moment wait for each other here.
    Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    rules.check_can_enter(place, kind, from_on, until_on)
    rules.check_channels(kind, channels or {})
    entry = Entry.objects.create(
        place=place,
        kind=kind,
        title=title,
        document_number=document_number,
        from_on=from_on,
        until_on=until_on,
        responsible=responsible,
        note=note,
        entered_at=now(),
        entered_by_id=by.staff_id,
    )
    Channel.objects.bulk_create(
        Channel(entry=entry, kind=name, ask_id=staff_id, how=how)
        for name, (staff_id, how) in (channels or {}).items()
    )
    append_many(facts.of_entry(entry, tuple(channels or ())), by=by)
    record(
        "register.enter",
        by=by,
        subject=("entry", entry.pk),
        place_id=place.pk,
        detail={"kind": kind},
    )
    return entry


@transaction.atomic
def replace(
    entry: Entry,
    *,
    title: str,
    from_on: date,
    responsible: Staff,
    by: Actor,
    until_on: date | None = None,
    document_number: str = "",
    note: str = "",
    channels: dict[str, tuple[int, str]] | None = None,
) -> Entry:
    """A new version from a day; the old one ends on that day and is kept. Raises RegisterFault."""
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    rules.check_can_replace(entry, from_on)
    _shorten(entry, from_on, by=by)
    fresh = enter(
        entry.place,
        entry.kind,
        title=title,
        from_on=from_on,
        until_on=until_on,
        responsible=responsible,
        document_number=document_number,
        note=note,
        channels=channels,
        by=by,
    )
    entry.replaced_by = fresh
    entry.save(update_fields=["replaced_by"])
    record(
        "register.replace",
        by=by,
        subject=("entry", entry.pk),
        place_id=entry.place_id,
        detail={"kind": entry.kind, "replaced_by": fresh.pk},
    )
    return fresh


@transaction.atomic
def end(entry: Entry, *, until_on: date, reason: str, by: Actor) -> Entry:
    """It no longer holds from `until_on`. Raises RegisterFault."""
    entry = Entry.objects.select_for_update().get(pk=entry.pk)
    rules.check_can_end(entry, until_on)
    if not reason.strip():
        raise rules.RegisterFault(_("请写明为什么停用。"), "reason")
    entry.end_reason = reason.strip()
    entry.save(update_fields=["end_reason"])
    _shorten(entry, until_on, by=by)
    record(
        "register.end",
        by=by,
        subject=("entry", entry.pk),
        place_id=entry.place_id,
        detail={"kind": entry.kind, "until_on": until_on.isoformat()},
    )
    return entry


@transaction.atomic
def review(
    entry: Entry, *, reviewed_on: date, outcome: str, on: date, by: Actor, note: str = ""
) -> Review:
    """Somebody has read it through on a day and says whether it still fits. Raises RegisterFault."""
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    rules.check_can_review(entry, reviewed_on, on)
    done = Review.objects.create(
        entry=entry,
        reviewed_on=reviewed_on,
        by_id=by.staff_id,
        outcome=outcome,
        note=note,
        recorded_at=now(),
    )
    append_many(facts.of_review(done), by=by)
    record(
        "register.review",
        by=by,
        subject=("entry", entry.pk),
        place_id=entry.place_id,
        detail={"kind": entry.kind, "outcome": outcome},
    )
    return done


def _shorten(entry: Entry, until_on: date, *, by: Actor) -> None:
    # An entry that ended by itself before this day keeps its own end.
    if entry.until_on is not None and entry.until_on <= until_on:
        return
    entry.until_on = until_on
    entry.save(update_fields=["until_on"])
    standing = standing_fact_of(facts.ENTRY_SOURCE, entry.pk, "register.valid")
    seq = standing.seq if standing else None
    channels = tuple(entry.channels.values_list("kind", flat=True))
    append(facts.valid(entry, supersedes_id=seq, channels=channels), by=by)
