"""Which ledger facts a ticket proves: a number of its token and the desk's place. Never the school,
never a word; a trial proves nothing but that the channel was tried."""

from __future__ import annotations

from datetime import date

from gongyu.ground.ledger.shapes import NewFact

from .models import Ticket

TICKET_SOURCE = "tickets.Ticket"
CLUE = "clue"


def clue_number(token: str) -> int:
    """The number by which the ledger knows a ticket: 60 bits of its token."""
    return int(token[:15], 16)


def received(
    ticket: Ticket, on: date, *, desk_id: int | None = None, supersedes_id: int | None = None
) -> list[NewFact]:
    """`desk_id` is that of the desk which takes it over, in the place of the earlier fact."""
    return _about(
        ticket, "clue.received", on, ticket.kind, desk_id=desk_id, supersedes_id=supersedes_id
    )


def accepted(ticket: Ticket, on: date) -> list[NewFact]:
    return _about(ticket, "clue.accepted", on, ticket.kind)


def answered(ticket: Ticket, on: date, outcome: str) -> list[NewFact]:
    """`outcome` is what was found, or that it was rejected or sent on."""
    yuan = {"paid_back": str(ticket.paid_back)} if ticket.paid_back is not None else {}
    return _about(ticket, "clue.answered", on, outcome, attrs=yuan)


def taken_back(ticket: Ticket, on: date, *, supersedes_id: int, outcome: str) -> list[NewFact]:
    """The answer no longer closes it: the asker has reopened it."""
    return _about(ticket, "clue.answered", on, outcome, supersedes_id=supersedes_id, quantity=0)


def tested(ticket: Ticket, on: date, outcome: str, days: int) -> NewFact:
    """The channel of a school was tried; about the school, for there is nothing to hide in it."""
    return NewFact(
        kind="channel.tested",
        subject_type="place",
        subject_id=ticket.about_id,
        place_id=ticket.about_id,
        on_date=on,
        status=outcome,
        attrs={"days": days},
        source_model=TICKET_SOURCE,
        source_id=ticket.pk,
    )


def _about(
    ticket: Ticket,
    kind: str,
    on: date,
    status: str,
    *,
    desk_id: int | None = None,
    supersedes_id: int | None = None,
    quantity: int = 1,
    attrs: dict | None = None,
) -> list[NewFact]:
    if ticket.is_trial:
        return []
    return [
        NewFact(
            kind=kind,
            subject_type=CLUE,
            subject_id=clue_number(ticket.token),
            place_id=desk_id or ticket.desk_id,
            on_date=on,
            status=status,
            quantity=quantity,
            attrs=attrs or {},
            source_model=TICKET_SOURCE,
            source_id=ticket.pk,
            supersedes_id=supersedes_id,
        )
    ]
