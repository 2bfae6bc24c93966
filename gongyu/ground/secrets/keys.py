"""The key file: made once with mode 0600, never in the database, never printed."""

from __future__ import annotations

import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_KEY_BYTES = 32


class KeysUnreadable(RuntimeError):
    """The key file exists and cannot be used; nothing secret can be read or written."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """`session` signs cookies; `fields` encrypts columns (32 bytes each, by key number 1–255, the
    highest writes, every one reads); `digest` finds again (32 bytes); `seal` seals ledger and
    audit (32 bytes)."""

    session: str
    fields: dict[int, bytes]
    digest: bytes
    seal: bytes

    @property
    def writing(self) -> int:
        """The number of the key that encrypts."""
        return max(self.fields)


@lru_cache(maxsize=4)
def load_keys(path: Path) -> Keys:
    """The keys of the file, which is made if there is none. Raises KeysUnreadable.

    To change the key of the columns, add the next number under `fields` in the file: new values
    are written with it, old ones are still read with theirs, and become new when they are saved.
    """
    if not path.exists():
        _make(path)
    try:
        return _read(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        # The reason of a ValueError of our own is safe to show; others could quote the file.
        reason = str(error) if isinstance(error, _Refused) else type(error).__name__
        raise KeysUnreadable(
            f"The key file {path} cannot be used: {reason}. Restore it from its backup; without "
            "it the encrypted columns stay closed."
        ) from None


class _Refused(ValueError):
    pass


def _read(raw: dict[str, Any]) -> Keys:
    fields = {int(number): _key(text) for number, text in raw["fields"].items()}
    if not fields or not all(1 <= number <= 255 for number in fields):
        raise _Refused("fields needs keys with numbers from 1 to 255")
    return Keys(raw["session"], fields, _key(raw["digest"]), _key(raw["seal"]))


def _key(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != _KEY_BYTES:
        raise _Refused("a key has the wrong length")
    return key


def _fresh() -> str:
    return b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def _make(path: Path) -> None:
    # The folder often holds the database too: a new one is for its owner alone.
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = {
        "session": secrets.token_urlsafe(50),
        "fields": {"1": _fresh()},
        "digest": _fresh(),
        "seal": _fresh(),
    }
    # Two processes may start at once: each writes its own file, the first link wins.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(fresh, indent=1), "utf-8")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
