"""The clock of a ticket: when it is due, which days count and why; it adds up by hand. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongyu.ground.calendar.working_days import Table, explain
from gongyu.ground.holidays.moves import Move
from gongyu.ground.holidays.moves import moves as holiday_moves
from gongyu.ground.holidays.queries import DayChange, Layers

CALM, AMBER, RED = "calm", "amber", "red"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a clock: `days` of one unit, counted from the end of the part before it. `why`
    says in words what gives these days; `by` who granted them, where somebody did."""

    days: int
    unit: str
    why: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """A day on the way. `number` is its place in its part, None for a day that does not count;
    `part` is the place of its part, from 1."""

    day: date
    number: int | None
    part: int
    why: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """When something is due, counted from the day after `start`, part by part."""

    start: date
    parts: tuple[Part, ...]
    days: tuple[Counted, ...]

    @property
    def due_on(self) -> date:
        """The last day; the first one that is late comes after it."""
        return self.days[-1].day if self.days else self.start

    @property
    def estimated(self) -> bool:
        return any(day.estimated for day in self.days)

    @property
    def sum_words(self) -> str:
        """The sum as one adds it up by hand: `60个自然日 + 延长10个自然日 = 70日`."""
        return " + ".join(f"{part.days}{unit_words(part.unit)}" for part in self.parts)

    def left(self, on: date) -> int:
        """Calendar days until it is due; negative when it is late."""
        return (self.due_on - on).days

    def light(self, on: date, amber: int) -> str:
        """Red from the day after the last one; amber `amber` days before; calm else."""
        left = self.left(on)
        if left < 0:
            return RED
        return AMBER if left <= amber else CALM


def unit_words(unit: str) -> str:
    return _("个工作日") if unit == "working" else _("日")


def clock(start: date, parts: Sequence[Part], table: Table) -> Clock:
    """Counts the parts one after the other. The day on which it begins is not counted."""
    days: list[Counted] = []
    at = start
    for number, part in enumerate(parts, start=1):
        counted = _days_of(at, part, number, table)
        days += counted
        at = counted[-1].day if counted else at
    return Clock(start, tuple(parts), tuple(days))


def _days_of(start: date, part: Part, number: int, table: Table) -> list[Counted]:
    if part.unit == "working":
        return [
            Counted(each.day, each.number, number, each.why, each.estimated)
            for each in explain(start, part.days, table)
        ]
    why = _("按自然日计")
    return [
        Counted(start + timedelta(days=n), n, number, why, estimated=False)
        for n in range(1, part.days + 1)
    ]


def moves(
    start: date, parts: Sequence[Part], layers: Layers, changes: Iterable[DayChange]
) -> list[Move[date]]:
    """Which changes of the days off moved the clock; `layers` are today's."""
    return holiday_moves(lambda days: clock(start, parts, days).due_on, layers, changes)
