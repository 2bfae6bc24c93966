"""A carer's box on the family's own pages: what came about the children whom the carer sees today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.timezone import localdate

from gongyu.ground.families.shapes import Family
from gongyu.ground.notices import queries as notices
from gongyu.ground.notices.queries import InBox

MOST = 50


@dataclass(frozen=True, slots=True)
class BoxWeek:
    """What was merely to know and came in one week; `from_on` is its Monday."""

    from_on: date
    items: list[InBox]


@dataclass(frozen=True, slots=True)
class Box:
    """`asks` wait for an answer; `direct` came by themselves, the newest first; `weeks` as the
    digests part them. `is_cut`: older ones are not shown."""

    asks: list[InBox]
    direct: list[InBox]
    weeks: list[BoxWeek]
    is_cut: bool

    @property
    def is_empty(self) -> bool:
        return not (self.asks or self.direct or self.weeks)


def box_of(family: Family, on: date) -> Box:
    """The newest fifty. Seven SQL queries."""
    items = notices.box(family.carer_id, on, MOST, among=family.child_ids)
    asks = [item for item in items if item.waits_on(on)]
    quiet = [item for item in items if not item.notice.asks]
    return Box(
        asks=asks,
        direct=[item for item in items if item.notice.asks and not item.waits_on(on)],
        weeks=[BoxWeek(day, list(some)) for day, some in groupby(quiet, key=_monday)],
        is_cut=len(items) >= MOST,
    )


def waiting_in(family: Family, on: date) -> list[InBox]:
    """What still waits for the family's answer. Seven SQL queries, one where nothing does."""
    return notices.box(family.carer_id, on, MOST, waiting=True, among=family.child_ids)


def opened(family: Family, delivery_id: int, on: date) -> InBox | None:
    """One of the carer's own; None for everybody else's and for a child out of sight today."""
    return notices.box_entry(family.carer_id, delivery_id, on, among=family.child_ids)


def _monday(item: InBox) -> date:
    day = localdate(item.notice.sent_at)
    return day - timedelta(days=day.weekday())
