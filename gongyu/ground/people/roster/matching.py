"""Which known child a row is: by ID number, by registry number, by name and birthday with a doubt."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .class_names import ClassKey
from .entries import PupilEntry
from .known import Known, KnownChild
from .lines import Faults


@dataclass(slots=True)
class Match:
    """The child meant by the row (None: a new one), or the candidates that somebody must choose
    from."""

    child_id: int | None = None
    candidates: list[int] = field(default_factory=list)
    id_digest: str | None = None
    registry_digest: str | None = None


def match(
    pupils: list[PupilEntry], known: Known, answers: dict[str, int], faults: Faults
) -> list[Match]:
    """One match for each pupil, in order. Contradictions between numbers are faults."""
    matches = [_by_number(entry, known, faults) for entry in pupils]
    taken = {found.child_id for found in matches if found.child_id is not None}
    _same_child_twice(pupils, matches, faults)
    by_name: dict[str, list[int]] = defaultdict(list)
    for child_id in known.here:
        if child_id not in taken:
            by_name[known.children[child_id].name].append(child_id)
    waiting = [(e, m) for e, m in zip(pupils, matches, strict=True) if m.child_id is None]
    # A child whom two rows fit is nobody's for certain.
    suitors: dict[int, int] = defaultdict(int)
    for entry, found in waiting:
        for child_id in by_name.get(entry.name, ()):
            if not _contradicts(known.children[child_id], entry, found):
                found.candidates.append(child_id)
                suitors[child_id] += 1
    for entry, found in waiting:
        if found.candidates:
            _decide(entry, found, known, answers, suitors)
    _same_child_twice(pupils, matches, faults)
    return matches


def _by_number(entry: PupilEntry, known: Known, faults: Faults) -> Match:
    found = Match(id_digest=entry.id_digest or None, registry_digest=entry.registry_digest or None)
    by_id = known.by_id.get(entry.id_digest)
    by_registry = known.by_registry.get(entry.registry_digest)
    if by_registry is not None:
        two = _other_id(known, by_registry, found) if by_id is None else by_id != by_registry
        if two:
            faults.say("registry_of_another", sheet=entry.sheet, row=entry.row)
    found.child_id = by_id if by_id is not None else by_registry
    return found


def _other_id(known: Known, child_id: int, found: Match) -> bool:
    """Whether the bearer of the registry number has an ID number that is not the row's."""
    own = known.children[child_id].id_digest
    return bool(own and found.id_digest and own != found.id_digest)


def _contradicts(child: KnownChild, entry: PupilEntry, found: Match) -> bool:
    pairs = (
        (child.id_digest, found.id_digest),
        (child.registry_digest, found.registry_digest),
        (child.born_on, entry.born_on),
    )
    return any(a and b and a != b for a, b in pairs)


def _decide(
    entry: PupilEntry, found: Match, known: Known, answers: dict[str, int], suitors: dict[int, int]
) -> None:
    answer = answers.get(entry.key)
    if answer is not None and (answer == 0 or answer in found.candidates):
        found.child_id, found.candidates = answer or None, []
        return
    sure = [
        child_id
        for child_id in found.candidates
        if suitors[child_id] == 1 and _is_certain(known, child_id, entry)
    ]
    if len(sure) == 1:
        found.child_id, found.candidates = sure[0], []
        return
    likely = [c for c in found.candidates if _is_likely(known.children[c], entry)]
    found.candidates = likely


def _is_certain(known: Known, child_id: int, entry: PupilEntry) -> bool:
    """The same class, or last year's class of the same number; and no birthday on one side only,
    unless the class is the very same."""
    child = known.children[child_id]
    held = known.classes.get(known.enrolments[child_id].class_id)
    if held is None:
        return False
    if held.school_year == known.school_year:
        return held.key == entry.class_key
    grew = ClassKey(entry.class_key.stage, entry.class_key.grade - 1, entry.class_key.number)
    one_year_on = held.school_year == known.school_year - 1 and held.key == grew
    return one_year_on and child.born_on == entry.born_on


def _is_likely(child: KnownChild, entry: PupilEntry) -> bool:
    return child.born_on is None or entry.born_on is None or child.born_on == entry.born_on


def _same_child_twice(pupils: list[PupilEntry], matches: list[Match], faults: Faults) -> None:
    seen: dict[int, PupilEntry] = {}
    for entry, found in zip(pupils, matches, strict=True):
        if found.child_id is None:
            continue
        earlier = seen.setdefault(found.child_id, entry)
        if earlier is not entry:
            faults.say("same_child_twice", sheet=entry.sheet, row=entry.row, other=earlier.row)
            found.child_id = None


def words_of(child_id: int, known: Known) -> str:
    """A candidate in words: class and birthday, nothing more."""
    child = known.children[child_id]
    held = known.enrolments.get(child_id)
    where = known.classes.get(held.class_id) if held else None
    born = child.born_on.isoformat() if child.born_on else _("生日未登记")
    return _("%(name)s，%(where)s，%(born)s") % {
        "name": child.name,
        "where": where.name if where else _("不在校"),
        "born": born,
    }
