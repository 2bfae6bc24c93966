"""Which changes of the days off moved a running clock: every clock that counts by the table asks here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from gongyu.ground.calendar.working_days import Table

from .queries import DayChange, Layers

# The last day of a clock that counts days, the last moment of one that counts hours.
Due = TypeVar("Due", date, datetime)


@dataclass(frozen=True, slots=True)
class Move(Generic[Due]):
    """A change of the days off that moved a running clock: who made it, when, and from–to."""

    at: datetime
    by: str
    day: date
    why: str
    due_before: Due
    due_after: Due


def moves(
    due: Callable[[Table], Due], layers: Layers, changes: Iterable[DayChange]
) -> list[Move[Due]]:
    """The changes that moved the clock, in their order. `due` says when the clock ends by a table;
    `layers` are today's, and are wound back change by change, the city's and the district's each
    for itself, since a day of the district covers the city's."""
    ordered = list(changes)
    tables = [layers.table]
    for change in reversed(ordered):
        layers = _before(layers, change)
        tables.append(layers.table)
    tables.reverse()
    found = []
    for change, before, after in zip(ordered, tables, tables[1:], strict=False):
        due_before, due_after = due(before), due(after)
        if due_before != due_after:
            found.append(
                Move(change.at, change.by, change.day, _words(change), due_before, due_after)
            )
    return found


def _before(layers: Layers, change: DayChange) -> Layers:
    layer = dict(layers.own if change.district else layers.city)
    if change.before is None:
        layer.pop(change.day, None)
    else:
        layer[change.day] = change.before
    return replace(layers, own=layer) if change.district else replace(layers, city=layer)


def _words(change: DayChange) -> str:
    if change.after is None:
        return _("取消原来的安排")
    words = _("%(name)s调休上班") if change.after.is_working else _("%(name)s放假")
    return words % {"name": change.after.name} + f"（{change.after.source}）"
