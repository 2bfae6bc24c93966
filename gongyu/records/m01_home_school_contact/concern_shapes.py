"""What the forms of contacts and anomalies hand to the actions: plain data, of the right types."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class NoteEntry:
    """What somebody noticed about one child."""

    child_id: int
    kind: str
    noticed_at: datetime
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class StepEntry:
    """What was done: `step` is contact, excuse, handle, refer or close. A contact has a channel and
    a carer (or nobody of the list); an excuse has its code; what stays open has a next day."""

    step: str
    taken_at: datetime
    words: str = field(default="", repr=False)
    carer_id: int | None = None
    channel: str = ""
    excuse: str = field(default="", repr=False)
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """One contact with one or several families."""

    child_ids: tuple[int, ...]
    channel: str
    made_at: datetime
    line: str = field(repr=False)
    asked: str = field(default="", repr=False)
    follows: str = field(default="", repr=False)
