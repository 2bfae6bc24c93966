"""What the parts of a bench found, kept as lines of a file between their processes, and the closing
table with what held and what did not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

# The most memory that a part may hold, in MiB.
MOST_MEMORY = 6 * 1024


@dataclass(frozen=True)
class Ratio:
    """One thing's time in another's. `clock` and `processor` are both told; by which one it is
    judged says `judged_by`. Without `most` it stands there for comparison only."""

    part: str
    name: str
    clock: float
    processor: float | None
    most: float | None
    judged_by: str = "clock"

    @property
    def is_over(self) -> bool:
        """Whether it is more than it may be."""
        value = self.clock if self.judged_by == "clock" else self.processor
        return self.most is not None and value is not None and value > self.most


@dataclass(frozen=True)
class Part:
    """How a part ended: its exit code, seconds, the most memory its process held in MiB, and in
    words why it did not run, where it did not."""

    name: str
    code: int
    wall: float
    cpu: float
    peak: int
    skipped: str = ""


def keep(path: Path, found: Ratio | Part) -> None:
    """Append what was found to the file of a run."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"is": type(found).__name__, **asdict(found)}) + "\n")


def read(path: Path) -> tuple[list[Part], list[Ratio]]:
    """All that a run has kept so far."""
    kinds = {"Part": Part, "Ratio": Ratio}
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    found = [kinds[row.pop("is")](**row) for row in rows]
    parts = [each for each in found if isinstance(each, Part)]
    return parts, [each for each in found if isinstance(each, Ratio)]


def close(parts: Sequence[Part], ratios: Sequence[Ratio], is_judged: bool) -> int:
    """Print the closing table. Returns 1 when a part failed or, at a size that is judged, when a
    ratio or a part's memory is over."""
    print("\nAll of it in one run")
    print(f"  {'part':<52}{'clock':>9} {'processor':>11} {'memory':>11}")
    for part in parts:
        if part.skipped:
            print(f"  {part.name:<52}{'did not run: ' + part.skipped}")
            continue
        verdict = "FAILED" if part.code else _verdict(part.peak > MOST_MEMORY, is_judged)
        print(
            f"  {part.name:<52}{part.wall:>7.1f} s {part.cpu:>9.1f} s {part.peak:>7} MiB  {verdict}"
        )
    print(f"  {'ratio':<52}{'clock':>9} {'processor':>11} {'at most':>11}")
    for ratio in ratios:
        most = "–" if ratio.most is None else f"{ratio.most:g}"
        processor = "–" if ratio.processor is None else f"{ratio.processor:.3f}"
        verdict = "beside it" if ratio.most is None else _verdict(ratio.is_over, is_judged)
        print(f"  {ratio.name:<52}{ratio.clock:>9.3f} {processor:>11} {most:>11}  {verdict}")
    over = any(part.peak > MOST_MEMORY for part in parts) or any(r.is_over for r in ratios)
    return 1 if any(part.code for part in parts) or (over and is_judged) else 0


def _verdict(is_over: bool, is_judged: bool) -> str:
    if not is_judged:
        return "not judged at this size"
    return "OVER" if is_over else "held"
