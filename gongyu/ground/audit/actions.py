"""Audit rows are written here, in the transaction of the deed or the reading they speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongyu.ground.calendar.clock import now
from gongyu.ground.seal.appending import append_rows, json_text
from gongyu.ground.seal.one_statement import Told

from .actors import Actor
from .models import Entry
from .verbs import is_verb

WHY_LENGTH = 200


class NotAnEntry(ValueError):
    """An audit row that could not be read later: no verb, or text too long."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed or reading: `verb` is noun.verb, `subject` what kind of thing and which one,
    `detail` codes, counts and ids only."""

    verb: str
    subject: tuple[str, int | None]
    place_id: int | None = None
    why: str = ""
    detail: dict[str, Any] | None = None
    post_id: int | None = None


def record(
    verb: str,
    *,
    by: Actor,
    subject: tuple[str, int | None],
    place_id: int | None = None,
    why: str = "",
    detail: dict[str, Any] | None = None,
    post_id: int | None = None,
) -> int:
    """Write one audit row and return its seq. Must run inside a transaction. Raises NotAnEntry."""
    [seq] = record_many([Deed(verb, subject, place_id, why, detail, post_id)], by=by)
    return seq


def record_many(deeds: Sequence[Deed], *, by: Actor) -> list[int]:
    """Write audit rows and return their seqs in order. Must run inside a transaction.
    Raises NotAnEntry."""
    return append_rows(Entry, _rows(deeds, by))


def told(deed: Deed, *, by: Actor) -> Told:
    """The audit row as part of the statement that does the deed. Raises NotAnEntry."""
    [row] = _rows([deed], by)
    return Told(Entry, row)


def _rows(deeds: Sequence[Deed], by: Actor) -> list[tuple]:
    at = now()
    for verb in {deed.verb for deed in deeds}:
        if not is_verb(verb):
            raise NotAnEntry(f"The verb {verb!r} is not of the form noun.verb.")
    # Whoever holds one post acts in it; whoever holds several says in which.
    own_post = by.posts[0].post_id if len(by.posts) == 1 else None
    name = by.name[:60]
    rows = []
    for deed in deeds:
        subject_type, subject_id = deed.subject
        if len(deed.why) > WHY_LENGTH or len(subject_type) > 20:
            raise NotAnEntry(f"The reason or the subject of {deed.verb} is too long.")
        rows.append(
            (
                at,
                by.user_id,
                by.staff_id,
                deed.post_id if deed.post_id is not None else own_post,
                name,
                deed.verb,
                subject_type,
                subject_id,
                deed.place_id,
                deed.why,
                json_text(_detail(deed, by)),
            )
        )
    return rows


def _detail(deed: Deed, by: Actor) -> dict[str, Any] | None:
    # A carer has no column: the sealed table keeps its shape, and the row says it in its detail.
    if by.carer_id is None:
        return deed.detail
    return {**(deed.detail or {}), "by_carer": by.carer_id}
