"""The shape in which a record states what it proves; plain data, so that facts.py stays pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact not yet written. `until_date` is the first day on which it no longer holds; a
    `quantity` of 0 takes the superseded fact back and counts nothing. `attrs` hold codes, ids and
    counts only. Facts about confidential cases carry a case token and a place, never a child."""

    kind: str
    subject_type: str
    subject_id: int
    on_date: date
    source_model: str
    source_id: int
    place_id: int | None = None
    until_date: date | None = None
    actor_id: int | None = None
    actor_post_id: int | None = None
    status: str = ""
    detail: str = ""
    quantity: int = 1
    attrs: dict[str, Any] = field(default_factory=dict)
    supersedes_id: int | None = None
