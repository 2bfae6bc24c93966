"""How fast a roster comes in: from the bytes of an .xlsx to the committed transaction.

All checks, encryption, audit and ledger are on; the figure is children per second of wall time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.years import school_year_bounds
from gongyu.ground.places.models import Place

from .comparing import compare
from .importing import write
from .known import school_for_reading
from .pausing import garbage_collection_paused
from .reading import School, read_roster
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
    reading = school_for_reading(school, on)

    def timed(name: str, work: Callable):
        start, busy = time.perf_counter(), time.process_time()
        result = work()
        measured.seconds[name] = time.perf_counter() - start
        measured.processor += time.process_time() - busy
        return result

    with garbage_collection_paused():
        _run(timed, data, reading, school, on, expected)
    return measured


def _run(timed: Callable, data: bytes, reading: School, school: Place, on: date, expected: int):
    roster = timed("read", lambda: read_roster(data, reading, on=on))
    if roster.fault_count:
        raise AssertionError(f"The specimen is refused: {roster.faults[0]}")
    with transaction.atomic():
        again = timed("compare", lambda: compare(roster, school, on))
        timed("write", lambda: write(again, school, on, by=SYSTEM, with_leavers=False))
    added = again.counts()["added"]
    if added != expected:
        raise AssertionError(f"{added} of {expected} children were added.")
