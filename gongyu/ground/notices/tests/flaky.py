"""A provider that behaves as badly as providers do, and telephones that remember what rang.

It knows a message's key, as its contract says: what it took once it does not deliver a second time.
Its manners are drawn for each try: it takes it, it is down before it took it, it takes it and falls
silent, it takes it and says that it failed, it answers twice (by a report), it refuses the number.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from gongyu.ground.notices.channels import Answer, Message, Outcome


@dataclass
class Telephones:
    """Every message that really reached an address: (moment, key, kind, path, provider, words)."""

    rang: dict[str, list[tuple]] = field(default_factory=lambda: defaultdict(list))

    def ring(self, message: Message, path: str, name: str) -> None:
        told = (message.at, message.key, message.kind, path, name, message.words)
        self.rang[message.address].append(told)

    def everything(self) -> list[tuple]:
        return [one for several in self.rang.values() for one in several]


class JobKilled(BaseException):
    """The machine loses its power in the middle of a job."""


@dataclass
class Flaky:
    """One provider of a path; `badness` is the share of tries in which it misbehaves."""

    path: str
    name: str
    phones: Telephones
    draw: random.Random
    badness: float = 0.3
    kills: float = 0.0
    answers: bool = True  # can it say what became of a key?
    dead: frozenset[str] = frozenset()
    taken: dict[str, str] = field(default_factory=dict)
    handed: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def send(self, message: Message) -> Answer:
        self.handed[message.key] += 1
        if message.address in self.dead:
            return self._says(Outcome.REFUSED, reason="bad_address")
        manner = "good"
        if self.draw.random() < self.badness:
            manner = self.draw.choice(["down", "silent_before", "silent_after", "failed_after"])
        if self.kills and self.draw.random() < self.kills:
            if self.draw.random() < 0.5:
                self._take(message)
            raise JobKilled
        if manner == "down":
            return self._says(Outcome.LATER, reason="http_503")
        if manner != "silent_before":
            self._take(message)
        if manner == "good":
            return self._says(Outcome.SENT, reference=self.taken[message.key])
        # An honest adapter cannot tell these apart.
        return self._says(Outcome.UNKNOWN, reason="timeout")

    def _take(self, message: Message) -> None:
        if message.key not in self.taken:
            self.taken[message.key] = f"{self.name}-{len(self.taken)}"
            self.phones.ring(message, self.path, self.name)

    def ask(self, key: str) -> Answer:
        if not self.answers or self.draw.random() < self.badness / 2:
            return self._says(Outcome.UNKNOWN, reason="cannot_say")
        if key in self.taken:
            return self._says(Outcome.SENT, reference=self.taken[key])
        return self._says(Outcome.LATER, reason="never_had_it")

    def _says(self, outcome: Outcome, **told) -> Answer:
        return Answer(outcome, channel=self.name, **told)
