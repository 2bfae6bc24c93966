"""What forms hand to actions: plain data, already of the right types."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """An activity as it is planned. `class_ids` are the classes it is for; for the whole school or
    whole grades they are worked out anew when families are invited."""

    kind: str
    organiser_id: int
    title: str
    where: str
    starts_at: datetime
    ends_at: datetime
    scope: str
    class_ids: tuple[int, ...]
    entry: str
    responsible_id: int
    about: str = ""
    book_until: date | None = None


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """Slots one after the other: minutes each and between, families in each, from a moment until
    the last that still ends in time."""

    first_at: datetime
    until: datetime
    minutes: int
    gap: int
    capacity: int
    host: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told when an activity is closed: families present, how they were counted, and what
    they said."""

    families: int
    counted_by: str
    said: str = field(default="", repr=False)
