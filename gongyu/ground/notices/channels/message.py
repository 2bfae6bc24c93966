"""What is sent and what may come of it: plain data, the same for every channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """Why something is sent. `CODE` is a one-time code that its reader asked for this moment."""

    TO_KNOW = "to_know"
    TO_ANSWER = "to_answer"
    SAFETY = "safety"
    CODE = "code"


class Outcome(StrEnum):
    """What a provider said. `UNKNOWN`: it may or may not have taken the message (it fell silent
    after it had heard it); only `ask` or the same key at the same provider may follow."""

    SENT = "sent"
    REFUSED = "refused"  # for good: the address is none, is not reached this way, or opted out
    LATER = "later"  # surely not taken; another try or another provider may
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address. `key` (≤ 64 ASCII characters) makes it arrive once: two messages
    with one key are one. `words` are Chinese plain text; `subject` stands where a channel has such
    a line; `link` is an address of ours that the words may be followed by; `at` is the moment."""

    key: str
    address: str = field(repr=False)
    words: str = field(repr=False)
    kind: str
    at: datetime
    subject: str = field(default="", repr=False)
    link: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not (self.key.isascii() and self.key.isprintable() and 0 < len(self.key) <= 64):
            raise ValueError("The key of a message has 1 to 64 printable ASCII characters.")
        if self.kind not in set(Kind):
            raise ValueError(f"{self.kind!r} is no kind of message.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a try. `reference` is the provider's number for the message; `reason` a code of
    ours (`no_address`, `timeout`, `http_503` …), never the provider's words, which may repeat the
    address; `again_after` are seconds that the provider asked for; `channel` who answered."""

    outcome: Outcome
    reference: str = ""
    reason: str = ""
    again_after: int | None = None
    channel: str = ""


class Channel(Protocol):
    """One provider of one path. Neither method raises for what the other end does."""

    name: str  # stands in attempts: such as sms-first
    path: str  # sms, voice, email, wecom

    def send(self, message: Message) -> Answer:
        """Hand one message over. The same key twice is one message."""
        ...

    def ask(self, key: str) -> Answer:
        """What became of the message with this key. `LATER`: the provider never had it, so that it
        may be sent. `UNKNOWN`: the provider cannot say, or cannot be asked."""
        ...
