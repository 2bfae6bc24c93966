"""What a form hands to an action: plain data, already of the right types."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class NextStep:
    """A promise made at a visit, with an owner and a day."""

    what: str
    due_on: date
    owner_id: int


@dataclass(frozen=True, slots=True)
class VisitEntry:
    """A visit as its visitor tells it. `notes` has one entry for each child ({child id: note});
    an attempt that failed has no setting, nobody met, and nothing said."""

    visited_on: date
    notes: dict[int, str]
    outcome: str = "held"
    setting: str = ""
    met: tuple[int, ...] = ()
    met_other: str = ""
    asked: str = ""
    follows: str = ""
    next_step: NextStep | None = None


@dataclass(frozen=True, slots=True)
class ProposalEntry:
    """Times proposed to several families; each family is a tuple of child ids."""

    families: tuple[tuple[int, ...], ...]
    times: tuple[datetime, ...]
    answer_by: date
    message: str = ""
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a family says to a proposal: `step` is choose, ask_other or decline."""

    step: str
    time_id: int | None = None
    setting: str = ""
    words: str = field(default="", repr=False)
