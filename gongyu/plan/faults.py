"""What is wrong with a plan: where it is, which key, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong. `line` counts from 1; 0 means that the whole file is meant."""

    file: str
    line: int
    key: str
    what: str
    cure: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        key = f" [{self.key}]" if self.key else ""
        return f"{where}{key} {self.what} → {self.cure}"

    def as_dict(self) -> dict[str, object]:
        return asdict(self)


class PlanError(ValueError):
    """A plan that is refused, with every fault found in it."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
