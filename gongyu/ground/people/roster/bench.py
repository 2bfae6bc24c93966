"""How fast a roster comes in: from the bytes of an .xlsx to the committed transaction.

All checks, encryption, audit and ledger are on; the figure is children per second of wall time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.years import school_year_bounds
from gongyu.ground.places.models import Place

from .at_once import Options, import_at_once
from .specimens import pupil_rows, xlsx


@dataclass
class Measured:
    """Seconds of wall time of each part, of one processor over all; children per second."""

    children: int
    seconds: dict[str, float] = field(default_factory=dict)
    processor: float = 0.0

    @property
    def total(self) -> float:
        return sum(self.seconds.values())

    @property
    def rate(self) -> float:
        return self.children / self.total

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {took:.2f} s" for name, took in self.seconds.items())
        return (
            f"{self.children} children in {self.total:.2f} s: {self.rate:.0f}/s ({parts}; "
            f"{self.processor:.2f} s of one processor)"
        )


def measure(school: Place, children: int, *, year: int, seed: int = 1) -> Measured:
    """Makes a sheet of `children` pupils with two carers each (14 columns) and imports it into an
    empty school. The making of the sheet is not measured."""
    data = xlsx(pupil_rows(children, school_year=year, seed=seed))
    on, _until = school_year_bounds(year)
    return measure_file(data, school, on, expected=children)


def measure_file(data: bytes, school: Place, on: date, *, expected: int) -> Measured:
    """Imports one file and times its parts. Raises AssertionError if a child is missing."""
    measured = Measured(expected)
    clock = _Clock(measured)
    busy = time.process_time()
    outcome = import_at_once(school, data, Options(on), by=SYSTEM, progress=clock)
    clock("", 0, 0)
    measured.processor = time.process_time() - busy
    if outcome.counts.get("added") != expected:
        raise AssertionError(f"{expected} children were not added: {outcome.words()}")
    return measured


class _Clock:
    """Takes the time between one phase and the next."""

    def __init__(self, measured: Measured):
        self.measured, self.phase, self.since = measured, "read", time.perf_counter()

    def __call__(self, phase: str, done: int, total: int) -> None:
        if phase == self.phase:
            return
        moment = time.perf_counter()
        seconds = self.measured.seconds
        seconds[self.phase] = seconds.get(self.phase, 0.0) + moment - self.since
        self.phase, self.since = phase, moment
