"""What the processes of a load take of the machine: seconds of CPU by who, from /proc."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Sample:
    """CPU seconds so far, by kind of process, of the whole machine's work, and the clock."""

    clock: float
    busy: float
    by_kind: dict[str, float]
    cores: int = os.cpu_count() or 1


def kind_of(command: str) -> str | None:
    """Which part of the load a process is; None for others. `command` is its line, space-parted."""
    if "gongyu work" in command:
        return "worker"
    if "gongyu serve" in command or "multiprocessing" in command:
        return "pages"
    if command.startswith("postgres") or "/postgres" in command:
        return "database"
    if "locust" in command:
        return "load generator"
    return None


def sample(groups: set[int], postgres: int | None) -> Sample:
    """`groups`: the process groups of server and load generator; `postgres`: the postmaster's id."""
    by_kind: dict[str, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except (OSError, ValueError):
            continue
        parent, group = int(fields[1]), int(fields[2])
        kind = kind_of(command)
        ours = group in groups or (kind == "database" and postgres in {parent, int(folder.name)})
        if kind is not None and ours:
            # What a postmaster's ended children took counts: connections are opened anew now and then.
            parts = fields[11:15] if int(folder.name) == postgres else fields[11:13]
            seconds = sum(map(int, parts)) / TICKS
            by_kind[kind] = by_kind.get(kind, 0.0) + seconds
    return Sample(time.monotonic(), _busy(), by_kind)


def _busy() -> float:
    numbers = [int(n) for n in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = numbers
    return (user + nice + system + irq + softirq + steal) / TICKS


def words(first: Sample, last: Sample, requests: int) -> list[str]:
    """What each part took for a request, and how busy the machine was in between."""
    span = max(last.clock - first.clock, 1e-9)
    lines, own = [], 0.0
    for kind, seconds in sorted(last.by_kind.items()):
        used = max(seconds - first.by_kind.get(kind, 0.0), 0.0)
        own += used
        each = 1000 * used / max(requests, 1)
        lines.append(f"{kind:<16}{used / span:6.2f} cores {each:8.2f} ms CPU a request")
    busy = (last.busy - first.busy) / span
    lines.append(
        f"{'machine':<16}{busy:6.2f} of {first.cores} cores busy, "
        f"{max(busy - own / span, 0):.2f} of them with the work of others"
    )
    return lines
