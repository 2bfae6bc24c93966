"""Plain data that forms hand to actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Called:
    """An election as it is called: last days of nominating and voting, and the term to be served
    (`term_until` is the first day after it)."""

    seats: int
    nominate_until: date
    vote_until: date
    term_from: date
    term_until: date


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """What is put up; `picture` is what was uploaded, as it came (or nothing)."""

    kind: str
    on: date
    title: str
    text: str = ""
    focus: str = ""
    picture: bytes = b""
    key: str = ""


@dataclass(frozen=True, slots=True)
class MatterEntry:
    """A matter as it is filed; `most_total` in yuan for all families together."""

    kind: str
    title: str
    for_whom: str
    voluntary: bool
    most_total: Decimal
    ask_until: date
    why: str = ""

    @property
    def words(self) -> str:
        return "\n".join((self.title, self.for_whom, self.why))
