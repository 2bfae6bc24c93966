"""What comes over the network and what is answered: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .declared import Choice


@dataclass(frozen=True, slots=True)
class Sent:
    """One entry as it came over the network, its shape proved and nothing more."""

    key: str
    form: str
    pupil: str
    fields: Mapping[str, tuple[str, ...]]
    seen: str = ""
    decided: frozenset[str] = frozenset()
    corrects: str = ""  # the key of an entry that arrived before
    packed_at: datetime | None = None
    typed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one entry: `state` is stored, already, refused or conflict. `urgent`: its
    words speak of harm, and the device leads to the way to report."""

    key: str
    state: str
    said: str = ""
    warned: str = ""
    faults: dict[str, list[str]] = field(default_factory=dict)
    code: str = ""
    choices: tuple[Choice, ...] = ()
    urgent: bool = False
