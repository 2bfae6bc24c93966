"""The file and the preview of a roster on its way in: encrypted under the data folder, then gone."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from gongyu.ground.secrets.fields import decrypt, encrypt

FILE, PREVIEW = "file", "preview"
_PROGRESS, _STOPS, _LOCK = "progress", "stops", "lock"
_PARTS = (FILE, PREVIEW, _PROGRESS, _STOPS, _LOCK)


class NotKept(LookupError):
    """The file was deleted: the import is over, or its days are."""


def new_name() -> str:
    """A name that says nothing about the file."""
    return secrets.token_hex(16)


def keep(name: str, part: str, data: bytes) -> None:
    """Writes one part, encrypted; it is there whole or not at all."""
    text = b64encode(zlib.compress(data, 1)).decode()
    _write(_path(name, part), encrypt(text, f"people_rosterimport.{part}:{name}"))


def kept(name: str, part: str) -> bytes:
    """One part. Raises NotKept."""
    try:
        stored = _path(name, part).read_bytes()
    except FileNotFoundError as error:
        raise NotKept(part) from error
    return zlib.decompress(b64decode(decrypt(stored, f"people_rosterimport.{part}:{name}")))


def keep_preview(name: str, preview: dict[str, Any]) -> None:
    keep(name, PREVIEW, json.dumps(preview, ensure_ascii=False).encode())


def kept_preview(name: str) -> dict[str, Any]:
    """Raises NotKept."""
    return json.loads(kept(name, PREVIEW))


def tell_progress(name: str, phase: str, done: int, total: int) -> None:
    """Where the work stands. A file, since the database shows nothing of an open transaction."""
    text = json.dumps({"phase": phase, "done": done, "total": total})
    _write(_path(name, _PROGRESS), text.encode())


def progress_of(name: str) -> dict[str, Any]:
    try:
        return json.loads(_path(name, _PROGRESS).read_bytes())
    except (FileNotFoundError, ValueError):
        return {"phase": "", "done": 0, "total": 0}


@contextmanager
def at_work(name: str) -> Iterator[None]:
    """Held while a process works on the import; it goes with the process, however that ends."""
    path = _path(name, _LOCK)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(path, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_at_work(name: str) -> bool:
    """Does a living process work on the import?"""
    try:
        with open(_path(name, _LOCK)) as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def note_stop(name: str) -> int:
    """Counts that a process was stopped while it worked on the import; returns how often by now."""
    times = stops(name) + 1
    _write(_path(name, _STOPS), str(times).encode())
    return times


def stops(name: str) -> int:
    """How often the work on the import was stopped and began again."""
    try:
        return int(_path(name, _STOPS).read_bytes())
    except (FileNotFoundError, ValueError):
        return 0


def forget_stops(name: str) -> None:
    """Somebody asked for the work anew: it is counted from the beginning."""
    _path(name, _STOPS).unlink(missing_ok=True)


def forget(name: str) -> None:
    """Deletes every part."""
    for part in _PARTS:
        _path(name, part).unlink(missing_ok=True)


def forget_older_than(moment: datetime) -> None:
    """Deletes what no import answers for any more: left behind by a stopped process."""
    folder = _path("x", FILE).parent
    for path in folder.glob("*") if folder.exists() else ():
        if path.stat().st_mtime < moment.timestamp():
            path.unlink(missing_ok=True)


def _path(name: str, part: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "rosters" / f"{name}.{part}"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_bytes(data)
    draft.replace(path)
