"""The operator's file of providers (TOML): read once, and again when it changes; faults are named."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from .gateway import Gateway
from .mail import Mail
from .message import Channel
from .wecom import WeCom

KINDS: dict[str, Callable[..., Channel]] = {"gateway": Gateway, "smtp": Mail, "wecom": WeCom}


def channels_in(path: Path) -> tuple[Channel, ...]:
    """The providers in the order of the file. Raises ImproperlyConfigured."""
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as error:
        raise ImproperlyConfigured(f"The file of channels cannot be read: {path}") from error
    return _read(path, stamp)


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> tuple[Channel, ...]:
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{path} is no TOML file: {error}") from error
    found = []
    for number, entry in enumerate(told.get("channel", []), start=1):
        entry = dict(entry)
        kind = entry.pop("kind", "")
        if kind not in KINDS:
            raise ImproperlyConfigured(
                f"Channel {number} of {path}: kind is {kind!r}; say {', '.join(KINDS)}."
            )
        try:
            channel = KINDS[kind](**entry)
        except TypeError as error:
            words = str(error).partition(") ")[2] or str(error)
            raise ImproperlyConfigured(f"Channel {number} of {path}: {words}") from None
        found.append(channel)
    names = [channel.name for channel in found]
    if len(set(names)) < len(names) or any(not 0 < len(name) <= 40 for name in names):
        raise ImproperlyConfigured(f"{path}: each channel has a name of its own, to 40 letters.")
    return tuple(found)


def secret_of(path: Path, name: str) -> str | None:
    """The secret that a gateway signs its reports with; None for any other name."""
    for channel in channels_in(path):
        if isinstance(channel, Gateway) and channel.name == name:
            return channel.secret
    return None
