"""What can only be seen over the whole file: the same person twice."""

from __future__ import annotations

from collections import defaultdict

from .class_names import ClassKey
from .entries import PupilEntry, StaffEntry
from .faults import FAULT
from .lines import Faults


def check_pupils(pupils: list[PupilEntry], faults: Faults) -> None:
    """Faults for a number used twice, and for namesakes in a class whom nothing tells apart."""
    _numbers(pupils, "id_number", "twice_id", faults)
    _numbers(pupils, "registry_number", "twice_registry", faults)
    namesakes: dict[tuple, list[PupilEntry]] = defaultdict(list)
    for pupil in pupils:
        namesakes[pupil.class_key, pupil.name].append(pupil)
    for group in namesakes.values():
        for at, later in enumerate(group[1:], start=1):
            for earlier in group[:at]:
                if not told_apart(earlier, later):
                    _say(faults, "twice_name", later, earlier)
                    break


def told_apart(one: PupilEntry, other: PupilEntry) -> bool:
    """Whether two namesakes are certainly two children."""
    pairs = (
        (one.id_number, other.id_number),
        (one.registry_number, other.registry_number),
        (one.born_on, other.born_on),
    )
    return any(a and b and a != b for a, b in pairs)


def _numbers(pupils: list[PupilEntry], field: str, code: str, faults: Faults) -> None:
    seen: dict[str, PupilEntry] = {}
    for pupil in pupils:
        number = getattr(pupil, field)
        if not number:
            continue
        earlier = seen.setdefault(number, pupil)
        if earlier is not pupil:
            _say(faults, code, pupil, earlier)


def check_staff(staff: list[StaffEntry], faults: Faults) -> None:
    """Faults for one post twice, and for two class teachers of one class at one time."""
    seen: dict[tuple, StaffEntry] = {}
    teachers: dict[ClassKey, list[StaffEntry]] = defaultdict(list)
    for entry in staff:
        who = entry.id_number or (entry.phone, entry.name)
        for key in entry.class_keys or (None,):
            post = (who, entry.role, entry.subject, key, entry.from_on)
            earlier = seen.setdefault(post, entry)
            if earlier is not entry:
                _say(faults, "staff_twice", entry, earlier)
            elif entry.role == "class_teacher" and not entry.acting and key is not None:
                for other in teachers[key]:
                    if _at_one_time(other, entry):
                        _say(faults, "staff_two_class_teachers", entry, other)
                        break
                teachers[key].append(entry)


def _at_one_time(one: StaffEntry, other: StaffEntry) -> bool:
    """A day that is not written counts as always."""
    for first, second in ((one, other), (other, one)):
        if first.until_on and second.from_on and first.until_on <= second.from_on:
            return False
    return True


def _say(
    faults: Faults, code: str, entry: PupilEntry | StaffEntry, earlier: PupilEntry | StaffEntry
) -> None:
    other = str(earlier.row)
    if earlier.sheet != entry.sheet:
        other = f"{earlier.row}（{earlier.sheet}）"
    faults.say(code, severity=FAULT, sheet=entry.sheet, row=entry.row, other=other)
