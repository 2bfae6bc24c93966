"""Which known carer each grown-up of a row is; a barred one stays barred and is left as is."""

from __future__ import annotations

from gongyu.ground.people.models import Relation

from .carers import KIN_WORDS
from .changes import BARRED, CHANGE, KEEP, LINK, NEW, FamilyStep, Step
from .entries import CarerEntry
from .known import Known, KnownCare, carers_by_digest

_PARENTS = {Relation.FATHER, Relation.MOTHER}


def compare_families(steps: list[Step], known: Known) -> None:
    """Fills `family` of every step. Carers new to a child are looked for in the whole city, since
    brothers and sisters go to other schools, and then among the rows of the file."""
    for step in steps:
        cares = known.cares.get(step.child_id, []) if step.child_id else []
        used: set[int] = set()
        for position, entry in enumerate(step.entry.carers, start=1):
            step.family.append(_compare(entry, position, cares, used, step))
    fresh = [one for step in steps for one in step.family if one.what == NEW]
    ids = {one.id_digest for one in fresh if one.id_digest}
    phones = {one.phone_digest for one in fresh if one.phone_digest and one.entry.named}
    by_id, by_phone = carers_by_digest(ids, phones)
    for step in steps:
        for one in step.family:
            if one.what == NEW:
                _link(one, step, by_id, by_phone, known)


def _compare(
    entry: CarerEntry, position: int, cares: list[KnownCare], used: set[int], step: Step
) -> FamilyStep:
    one = FamilyStep(entry, NEW, position=position)
    one.id_digest, one.phone_digest = entry.id_digest or None, entry.phone_digest
    if not cares:
        return one
    care = _same_person(entry, one, [care for care in cares if care.carer_id not in used])
    if care is None:
        one.position = len(cares) + position
        return one
    used.add(care.carer_id)
    one.carer_id = care.carer_id
    if care.barred:
        one.what = BARRED
        return one
    one.what = KEEP
    _changes(one, care)
    return one


def _same_person(entry: CarerEntry, one: FamilyStep, cares: list[KnownCare]) -> KnownCare | None:
    tests = (
        lambda care: one.id_digest and care.id_digest == one.id_digest,
        lambda care: one.phone_digest and care.phone_digest == one.phone_digest
        and (care.name == entry.name or not entry.named or care.name in KIN_WORDS),
        lambda care: entry.named and care.name == entry.name and not _two_people(care, one),
        # The same parent at the same number: the name was written wrong once.
        lambda care: one.phone_digest and care.phone_digest == one.phone_digest
        and care.relation == entry.relation and entry.relation in _PARENTS,
    )  # fmt: skip
    for test in tests:
        for care in cares:
            if test(care):
                return care
    return None


def _two_people(care: KnownCare, one: FamilyStep) -> bool:
    return bool(care.id_digest and one.id_digest and care.id_digest != one.id_digest)


def _changes(one: FamilyStep, care: KnownCare) -> None:
    """What the sheet says that differs. A guardian's rights are never changed by a sheet."""
    entry = one.entry
    if entry.named and care.name != entry.name:
        one.changes["name"] = entry.name
        one.told = (care.name, entry.name)
    if one.phone_digest and care.phone_digest != one.phone_digest:
        one.changes["phone"] = entry.phone
        one.told = one.told or ("", entry.phone)
    if entry.other_phone and care.other_phone != entry.other_phone:
        one.changes["other_phone"] = entry.other_phone
    if one.id_digest and not care.id_digest:
        one.changes["id_number"] = entry.id_number
    if one.changes:
        one.what = CHANGE


def _link(
    one: FamilyStep, step: Step, by_id: dict[str, int], by_phone: dict[tuple, int], known: Known
) -> None:
    """A carer new to the child may be somebody known already, or named twice in the file."""
    entry = one.entry
    pair = (one.phone_digest, entry.name)
    found = by_id.get(one.id_digest or "")
    if found is None and entry.named and one.phone_digest:
        found = by_phone.get(pair)
    if found is not None:
        one.what, one.carer_id = LINK, found
        if any(care.carer_id == found for care in known.cares.get(step.child_id or 0, ())):
            one.what = BARRED if _is_barred(known, step, found) else KEEP
    elif one.id_digest:
        one.shared = ("id", one.id_digest)
    elif entry.named and one.phone_digest:
        # One phone for five children may be a shop's: the name must be the same, too.
        one.shared = ("phone", *pair)


def _is_barred(known: Known, step: Step, carer_id: int) -> bool:
    return any(
        care.carer_id == carer_id and care.barred for care in known.cares[step.child_id or 0]
    )
