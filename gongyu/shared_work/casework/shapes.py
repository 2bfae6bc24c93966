"""What the form of a report hands to the action, and what is sealed of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What was reported: to whom (codes of receivers), when (local time), in which of the nine
    situations (codes), about whom. `child_id` only where the reporter chose the child from a list;
    nothing of it is ever shown or logged outside."""

    receivers: tuple[str, ...]
    situations: tuple[str, ...]
    reported_at: datetime
    child: str = field(repr=False)
    child_id: int | None = field(default=None, repr=False)
    receipt_number: str = field(default="", repr=False)
    words: str = field(default="", repr=False)

    def as_json(self) -> str:
        told = {**asdict(self), "reported_at": self.reported_at.isoformat()}
        return json.dumps(told, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Told:
        told = json.loads(text)
        return cls(
            receivers=tuple(told["receivers"]),
            situations=tuple(told["situations"]),
            reported_at=datetime.fromisoformat(told["reported_at"]),
            child=told["child"],
            child_id=told["child_id"],
            receipt_number=told["receipt_number"],
            words=told["words"],
        )
