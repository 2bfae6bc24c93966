"""Which ledger facts a register entry and a review prove."""

from __future__ import annotations

from datetime import date

from gongyu.ground.ledger.shapes import NewFact

from .kinds import KINDS
from .models import Entry, Review

ENTRY_SOURCE = "registers.Entry"
REVIEW_SOURCE = "registers.Review"


def of_entry(entry: Entry, channels: tuple[str, ...] = ()) -> list[NewFact]:
    """That it is valid from-until; for a document also that it was delivered."""
    facts = [valid(entry, channels=channels)]
    if KINDS[entry.kind].is_document:
        facts.append(
            NewFact(
                kind="document.delivered",
                subject_type="place",
                subject_id=entry.place_id,
                place_id=entry.place_id,
                on_date=entry.from_on,
                detail=entry.kind,
                source_model=ENTRY_SOURCE,
                source_id=entry.pk,
            )
        )
    return facts


def valid(
    entry: Entry,
    *,
    until_on: date | None = None,
    supersedes_id: int | None = None,
    channels: tuple[str, ...] = (),
) -> NewFact:
    """`until_on` ends it earlier than the entry itself says; `channels` are those it names."""
    return NewFact(
        kind="register.valid",
        subject_type="place",
        subject_id=entry.place_id,
        place_id=entry.place_id,
        on_date=entry.from_on,
        until_date=until_on or entry.until_on,
        detail=entry.kind,
        attrs={"channels": sorted(channels)} if channels else {},
        source_model=ENTRY_SOURCE,
        source_id=entry.pk,
        supersedes_id=supersedes_id,
    )


def of_review(review: Review) -> list[NewFact]:
    entry = review.entry
    return [
        NewFact(
            kind="register.reviewed",
            subject_type="place",
            subject_id=entry.place_id,
            place_id=entry.place_id,
            on_date=review.reviewed_on,
            actor_id=review.by_id,
            status=review.outcome,
            detail=entry.kind,
            source_model=REVIEW_SOURCE,
            source_id=review.pk,
        )
    ]
