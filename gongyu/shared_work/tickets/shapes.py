"""What forms hand to the actions: what was told, an answer, a step of the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Told:
    """What the asker tells. `about_id` is the class or the school; `contact` is empty for somebody
    who stays anonymous; `amount` is in yuan."""

    kind: str
    about_id: int
    words: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, in words for the asker, and what was paid back, in yuan."""

    finding: str
    words: str = field(repr=False)
    paid_back: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SentOn:
    """To which body outside, under which number there, and what the asker is told."""

    body: str
    number: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the asker alone holds: the number, and the code that is shown once."""

    number: str
    code: str = field(repr=False)
