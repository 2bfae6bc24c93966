"""What importing a roster would do, row by row: the shapes that comparing hands on."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from .class_names import ClassKey
from .entries import CarerEntry, PupilEntry
from .faults import Fault, refusing
from .known import KnownEnrolment

# What happens to a pupil's enrolment.
ADD, TRANSFER, RETURN, MOVE, PROMOTE, STAY = "add", "transfer", "return", "move", "promote", "stay"
# What happens to a carer of the row.
NEW, LINK, KEEP, CHANGE, BARRED = "new", "link", "keep", "change", "barred"


@dataclass(slots=True)
class FamilyStep:
    """One carer of one row. `carer_id` is None for somebody new; then `shared` names the person
    over the whole file, so that siblings get one carer."""

    entry: CarerEntry
    what: str
    carer_id: int | None = None
    shared: tuple | None = None
    position: int = 1
    changes: dict[str, str] = field(default_factory=dict)  # field → new value
    told: tuple[str, str] | None = None  # what is shown of a change: old, new
    id_digest: str | None = None
    phone_digest: str = ""


@dataclass(slots=True)
class Step:
    """One pupil of the file. `changes` are (field, old, new) of the child, `set_right` of the
    enrolment, both as texts for showing; `values` are what is written."""

    entry: PupilEntry
    what: str
    child_id: int | None = None
    enrolment: KnownEnrolment | None = None
    class_id: int | None = None  # None while the class is still to be opened
    from_class: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    set_right: dict[str, object] = field(default_factory=dict)
    family: list[FamilyStep] = field(default_factory=list)
    id_digest: str | None = None
    registry_digest: str | None = None
    home_id: int | None = None

    @property
    def changes_nothing(self) -> bool:
        quiet = all(step.what in {KEEP, BARRED} for step in self.family)
        return self.what == STAY and not self.values and not self.set_right and quiet


@dataclass(slots=True)
class Doubt:
    """A row that may be a child whom the database knows; somebody has to say which."""

    entry: PupilEntry
    candidates: list[tuple[int, str]]  # child id, words


@dataclass(slots=True)
class Leaver:
    """A child of the school who is not in the file."""

    child_id: int
    name: str
    class_name: str
    enrolment: KnownEnrolment
    graduates: bool


@dataclass
class Comparison:
    """All that importing would do, and what stands in its way."""

    steps: list[Step] = field(default_factory=list)
    new_classes: dict[ClassKey, str] = field(default_factory=dict)  # key → campus
    leavers: list[Leaver] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    homes_unknown: int = 0

    @property
    def refused(self) -> list[Fault]:
        return refusing(self.faults)

    def counts(self) -> dict[str, int]:
        """How many rows fall to each tab, and how many carers are added or changed."""
        total = Counter(tab_of(step) for step in self.steps)
        family = Counter(one.what for step in self.steps for one in step.family)
        return {
            "rows": len(self.steps) + len(self.doubts),
            "added": total["added"],
            "transferred": total["transferred"],
            "moved": total["moved"],
            "changed": total["changed"],
            "unchanged": total["unchanged"],
            "left": len(self.leavers),
            "doubts": len(self.doubts),
            "classes": len(self.new_classes),
            "carers_new": family[NEW] + family[LINK],
            "carers_changed": family[CHANGE],
        }

    def changes_nothing(self, *, with_leavers: bool) -> bool:
        left = self.leavers if with_leavers else []
        return not left and not self.doubts and all(step.changes_nothing for step in self.steps)

    def print(self) -> str:
        """A fingerprint: two comparisons with the same one would do the same."""
        seal = hashlib.sha256()
        for key in sorted(self.new_classes, key=str):
            seal.update(f"class {key} {self.new_classes[key]}\n".encode())
        for step in self.steps:
            seal.update(_line(step).encode())
        for leaver in self.leavers:
            seal.update(f"left {leaver.child_id} {leaver.enrolment.pk}\n".encode())
        for doubt in self.doubts:
            seal.update(f"doubt {doubt.entry.key}\n".encode())
        return seal.hexdigest()


def _line(step: Step) -> str:
    held = step.enrolment.pk if step.enrolment else 0
    family = [(one.what, one.carer_id, one.changes) for one in step.family]
    return f"{step.entry.key} {step.what} {step.child_id} {held} {step.values} {step.set_right} {family}\n"


def tab_of(step: Step) -> str:
    """Under which tab of the preview the row stands."""
    if step.what == ADD:
        return "added"
    if step.what in {TRANSFER, RETURN}:
        return "transferred"
    if step.what in {MOVE, PROMOTE}:
        return "moved"
    return "unchanged" if step.changes_nothing else "changed"
