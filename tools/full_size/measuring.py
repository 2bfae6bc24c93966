"""Times, processor seconds and memory of one step, and the table in which they are told."""

from __future__ import annotations

import os
import resource
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .report import Ratio, keep


@dataclass(frozen=True)
class Measured:
    """`wall` and `cpu` are seconds; on a busy machine the second one is steadier. `peak` is the most
    memory that the whole process held meanwhile, in MiB."""

    wall: float
    cpu: float
    peak: int


def measure(step: Callable[[], object]) -> Measured:
    """One run of a step."""
    with Peak() as peak:
        wall, cpu = time.perf_counter(), _cpu()
        step()
        wall, cpu = time.perf_counter() - wall, _cpu() - cpu
    return Measured(wall, cpu, peak.most)


def side_by_side(runs: int, *steps: Callable[[], object]) -> list[Measured]:
    """The median of each step over runs in which they take turns, so that what else the machine
    does meets all of them alike."""
    found: list[list[Measured]] = [[] for _ in steps]
    for _ in range(runs):
        for mine, step in zip(found, steps, strict=True):
            mine.append(measure(step))
    return [median(mine) for mine in found]


def median(runs: Sequence[Measured]) -> Measured:
    """The median times of several runs of one step, and the most memory of any."""
    return Measured(
        statistics.median(m.wall for m in runs),
        statistics.median(m.cpu for m in runs),
        max(m.peak for m in runs),
    )


def tell(name: str, measured: Measured, more: str = "") -> None:
    """One line of the table."""
    print(
        f"  {name:<52}{measured.wall:8.2f} s {measured.cpu:8.2f} s cpu {measured.peak:6} MiB  {more}",
        flush=True,
    )


def tell_ratio(
    part: str, name: str, mine: Measured, other: Measured, most: float | None, by_clock: bool = True
) -> None:
    """How many times the other's time a step took, and the most that it may take; it goes into the
    closing table too. Where the other works in a process of its own only the clock can tell."""
    ratio = Ratio(
        part=part,
        name=name,
        clock=mine.wall / max(other.wall, 1e-6),
        processor=None if by_clock else mine.cpu / max(other.cpu, 0.001),
        most=most,
        judged_by="clock" if by_clock else "processor",
    )
    processor = "" if ratio.processor is None else f"{ratio.processor:8.3f} of the processor"
    limit = "" if most is None else f"(at most {most:g})"
    print(f"  → {name:<50}{ratio.clock:8.3f} by the clock {processor}  {limit}", flush=True)
    if path := os.environ.get("GONGYU_BENCH_FOUND"):
        keep(Path(path), ratio)


class Peak:
    """The most memory held while it is open, looked at every twentieth of a second."""

    def __enter__(self) -> Peak:
        self.most = _resident()
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            self.most = max(self.most, _resident())


def _resident() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() // 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
