"""A clock that is moved by hand, and the providers that a test puts in place."""

from __future__ import annotations

from datetime import datetime, timedelta

from gongyu.ground.notices.channels import configured


class Watch:
    """Says the moment; a job's own work takes a second a look."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def to(self, at: datetime) -> None:
        self.at = max(at, self.at)

    def on(self, **told) -> None:
        self.at += timedelta(**told)


def use(monkeypatch, *channels) -> None:
    """Only these channels carry anything."""

    def found(path: str):
        return [channel for channel in channels if channel.path == path]

    for module in (configured, _carrying()):
        monkeypatch.setattr(module, "channels_for", found)


def _carrying():
    from gongyu.ground.notices.work import carrying

    return carrying
