"""Facts are appended here, in the transaction of the record that proves them, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.seal.appending import append_rows, json_text, require_transaction
from gongyu.ground.seal.one_statement import Told

from .kinds import KINDS, check_kind
from .models import Fact
from .queries import standing_fact_of, standing_facts_of
from .shapes import NewFact

__all__ = ["NotAFact", "append", "append_many", "standing_fact_of", "standing_facts_of", "told"]

_ASKED_AT_ONCE = 900


class NotAFact(ValueError):
    """A fact that contradicts itself or the fact that it would supersede."""


def append(fact: NewFact, *, by: Actor) -> Fact:
    """Write one fact and return it. Must run inside a transaction. Raises UnknownKind, NotAFact."""
    at = now()
    [seq] = _write([fact], at, by)
    return Fact(
        seq=seq,
        recorded_at=at,
        recorded_by=by.user_id,
        **{name: getattr(fact, name) for name in NewFact.__slots__},
    )


def append_many(facts: Sequence[NewFact], *, by: Actor) -> list[int]:
    """Write facts and return their seqs in order. Must run inside a transaction; all or none.
    Raises UnknownKind, NotAFact."""
    return _write(facts, now(), by)


def told(fact: NewFact, *, by: Actor, only: str = "") -> Told:
    """The fact as part of the statement that makes its record, for facts that supersede none; `only`
    as in Told. Raises UnknownKind, NotAFact."""
    _check(fact)
    if fact.supersedes_id is not None:
        raise NotAFact(f"A {fact.kind} fact that supersedes is appended by itself.")
    return Told(Fact, _row(fact, now(), by.user_id), only)


def _write(facts: Sequence[NewFact], at: datetime, by: Actor) -> list[int]:
    require_transaction()
    for fact in facts:
        _check(fact)
    _check_superseded({f.supersedes_id: f for f in facts if f.supersedes_id is not None})
    return append_rows(Fact, [_row(fact, at, by.user_id) for fact in facts])


def _check(fact: NewFact) -> None:
    if fact.kind not in KINDS:
        check_kind(fact.kind)
    if fact.until_date is not None and fact.until_date < fact.on_date:
        raise NotAFact(f"A {fact.kind} fact ends before it starts.")
    # SQLite keeps text of any length, PostgreSQL refuses it; both refuse it here.
    if len(fact.status) > 24 or len(fact.detail) > 40 or len(fact.subject_type) > 12:
        raise NotAFact(f"A {fact.kind} fact has a status, detail or subject type too long.")
    if fact.quantity < 0:
        raise NotAFact(f"A {fact.kind} fact has a negative quantity.")


def _check_superseded(by_old: dict[int, NewFact]) -> None:
    ids = list(by_old)
    kinds: dict[int, str] = {}
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        chunk = ids[start : start + _ASKED_AT_ONCE]
        kinds.update(Fact.objects.filter(seq__in=chunk).values_list("seq", "kind"))
    for seq, fact in by_old.items():
        if kinds.get(seq) != fact.kind:
            raise NotAFact(
                f"A {fact.kind} fact cannot supersede fact {seq}, "
                f"which is {kinds.get(seq, 'not in the ledger')}."
            )


def _row(fact: NewFact, at: datetime, user_id: int | None) -> tuple:
    """The columns of Fact after seq, in the model's order."""
    return (
        fact.kind,
        fact.subject_type,
        fact.subject_id,
        fact.place_id,
        fact.on_date,
        fact.until_date,
        fact.actor_id,
        fact.actor_post_id,
        fact.status,
        fact.detail,
        fact.quantity,
        json_text(fact.attrs),
        fact.source_model,
        fact.source_id,
        fact.supersedes_id,
        at,
        user_id,
    )
