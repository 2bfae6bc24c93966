"""Writes the grown-ups of a roster: new carers once, their care for each child, mended numbers."""

from __future__ import annotations

from datetime import date

from gongyu.ground.audit.actions import Deed
from gongyu.ground.people.models import Care, Carer
from gongyu.ground.secrets.fields import digest
from gongyu.ground.staff.naming import initials

from .changes import ADD, CHANGE, LINK, NEW, FamilyStep, Step
from .known import CARER_ID, CARER_PHONE
from .writing import insert, update

_CARER_FIELDS = (
    "name",
    "initials",
    "id_number",
    "id_digest",
    "phone",
    "phone_digest",
    "other_phone",
)
_CARE_FIELDS = (
    "child_id",
    "carer_id",
    "relation",
    "is_guardian",
    "is_daily_carer",
    "position",
    "from_on",
    "until_on",
)


def write_families(steps: list[Step], on: date) -> list[Deed]:
    """Carers and cares from `on`; returns the audit's deeds. What a sheet leaves out stays."""
    _write_new_carers(steps)
    deeds = _write_changes(steps)
    rows = []
    for step in steps:
        added = [one for one in step.family if one.what in {NEW, LINK}]
        seen: set[int] = set()
        for one in added:
            # Two columns of one row may mean one person whom only the database knows.
            if one.carer_id in seen:
                continue
            seen.add(one.carer_id)
            entry = one.entry
            rows.append(
                (step.child_id, one.carer_id, entry.relation, entry.is_guardian,
                 entry.is_daily_carer, one.position, on, None)
            )  # fmt: skip
        if added and step.what != ADD:
            deeds.append(
                Deed("care.add", ("child", step.child_id), place_id=step.class_id,
                     detail={"carers": len(seen)})
            )  # fmt: skip
    insert(Care, _CARE_FIELDS, rows)
    return deeds


def _write_new_carers(steps: list[Step]) -> None:
    first_of: dict[tuple, FamilyStep] = {}
    fresh: list[FamilyStep] = []
    for step in steps:
        for one in step.family:
            if one.what != NEW:
                continue
            if one.shared is None or first_of.setdefault(one.shared, one) is one:
                fresh.append(one)
    ids = insert(Carer, _CARER_FIELDS, [_carer_row(one) for one in fresh])
    for one, pk in zip(fresh, ids, strict=True):
        one.carer_id = pk
    for step in steps:
        for one in step.family:
            if one.what == NEW and one.carer_id is None:
                one.carer_id = first_of[one.shared].carer_id


def _carer_row(one: FamilyStep) -> tuple:
    entry = one.entry
    return (
        entry.name,
        initials(entry.name),
        entry.id_number,
        one.id_digest,
        entry.phone,
        one.phone_digest,
        entry.other_phone,
    )


def _write_changes(steps: list[Step]) -> list[Deed]:
    values: dict[int, dict] = {}
    deeds = []
    for step in steps:
        for one in step.family:
            if one.what != CHANGE:
                continue
            columns: dict[str, object] = dict(one.changes)
            if "phone" in columns:
                columns["phone_digest"] = digest(CARER_PHONE, one.changes["phone"])
            if "id_number" in columns:
                columns["id_digest"] = digest(CARER_ID, one.changes["id_number"])
            if "name" in columns:
                columns["initials"] = initials(one.changes["name"])
            values.setdefault(one.carer_id, {}).update(columns)
            what = {"carer": one.carer_id, "fields": sorted(columns)}
            deeds.append(
                Deed("carer.change", ("child", step.child_id), place_id=step.class_id, detail=what)
            )
    update(Carer, values)
    return deeds
