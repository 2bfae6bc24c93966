"""The key file: made once with mode 0600, never in the database, never printed."""

from __future__ import annotations

import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


class KeysUnreadable(RuntimeError):
    """The key file exists and cannot be used; nothing secret can be read or written."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """`session` signs cookies; `fields` encrypts (32 bytes); `digest` finds again (32 bytes);
    `seal` seals ledger and audit (32 bytes)."""

    session: str
    fields: bytes
    digest: bytes
    seal: bytes


@lru_cache(maxsize=4)
def load_keys(path: Path) -> Keys:
    """The keys of the file, which is made if there is none. Raises KeysUnreadable."""
    if not path.exists():
        _make(path)
    try:
        raw = json.loads(path.read_text("utf-8"))
        keys = Keys(raw["session"], *(b64decode(raw[k]) for k in ("fields", "digest", "seal")))
    except (OSError, ValueError, KeyError) as error:
        raise KeysUnreadable(
            f"The key file {path} cannot be read ({type(error).__name__}). Restore it from its "
            "backup; without it the encrypted columns stay closed."
        ) from error
    if any(len(k) != 32 for k in (keys.fields, keys.digest, keys.seal)):
        raise KeysUnreadable(f"The key file {path} has a key of the wrong length.")
    return keys


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {
        name: b64encode(secrets.token_bytes(32)).decode() for name in ("fields", "digest", "seal")
    }
    text = json.dumps({"session": secrets.token_urlsafe(50), **fresh}, indent=1)
    # Two processes may start at once: each writes its own file, the first link wins.
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text, "utf-8")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
