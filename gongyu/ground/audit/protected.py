"""Deeds about what is sealed are written here, in a table that no ordinary page or export reads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongyu.ground.calendar.clock import now
from gongyu.ground.seal.appending import append_rows, json_text
from gongyu.ground.secrets.fields import decrypt, encrypt

from .actions import NotAnEntry
from .actors import Actor
from .models import ProtectedEntry
from .verbs import is_verb

_ACTOR_COLUMN = "audit_protectedentry.actor"


@dataclass(frozen=True, slots=True)
class ProtectedDeed:
    """A row as it is read again: who acted by name and number of the account."""

    at: datetime
    verb: str
    name: str
    user_id: int | None
    detail: dict[str, Any]


def record_protected(
    verb: str, token: str, *, by: Actor, place_id: int | None, detail: dict[str, Any] | None = None
) -> int:
    """Write one protected row and return its seq. Must run inside a transaction; nothing of it
    stands in the ordinary audit. Raises NotAnEntry."""
    if not is_verb(verb) or len(token) > 32:
        raise NotAnEntry(f"The verb {verb!r} is not of the form noun.verb, or the token is long.")
    who = {"user": by.user_id, "staff": by.staff_id, "name": by.name}
    closed = encrypt(json.dumps(who, ensure_ascii=False), _ACTOR_COLUMN).hex()
    row = (now(), verb, token, place_id, closed, json_text(detail))
    [seq] = append_rows(ProtectedEntry, [row])
    return seq


def deeds_of(token: str) -> list[ProtectedDeed]:
    """Everything that was done and read about one case, in its order; for whoever may open it."""
    found = []
    for row in ProtectedEntry.objects.filter(token=token).order_by("seq"):
        who = json.loads(decrypt(bytes.fromhex(row.actor), _ACTOR_COLUMN))
        found.append(ProtectedDeed(row.at, row.verb, who["name"], who["user"], row.detail))
    return found
