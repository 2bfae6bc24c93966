"""A comparison as the preview page needs it: plain data that can be kept, paged and searched."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.naming import class_name
from gongyu.ground.staff.models import Role

from .changes import (
    BARRED,
    CHANGE,
    LINK,
    NEW,
    PROMOTE,
    RETURN,
    TRANSFER,
    Comparison,
    Step,
    tab_of,
)
from .class_names import ClassKey
from .entries import Roster
from .staffing import StaffComparison

PUPIL_TABS = ("added", "transferred", "moved", "changed", "left", "unchanged")
STAFF_TABS = ("opened", "closed", "unchanged")


def preview_of(roster: Roster, comparison: Comparison | StaffComparison | None) -> dict[str, Any]:
    """Everything the page shows. Without a comparison (a refused file) only what reading found."""
    faults = list(roster.faults)
    found: dict[str, Any] = {"tabs": {}, "doubts": [], "counts": {}, "classes": []}
    if comparison is not None:
        faults += comparison.faults
        found = (
            _of_pupils(comparison) if isinstance(comparison, Comparison) else _of_staff(comparison)
        )
    return {
        **found,
        "kind": roster.kind,
        "faults": [fault.as_dict() for fault in faults],
        "fault_count": roster.fault_count + (len(comparison.refused) if comparison else 0),
        "warning_count": roster.warning_count,
        "not_kept": roster.not_kept,
        "unknown": roster.unknown,
        "sheets": [
            {
                "name": s.name,
                "header_row": s.header_row,
                "read": s.rows_read,
                "skipped": s.rows_skipped,
                "columns": [(c.index, c.header, c.field, c.group) for c in s.columns],
            }
            for s in roster.sheets
        ],
    }


def _title(key: ClassKey) -> str:
    return class_name(key.stage, key.grade, key.number)


def _of_pupils(comparison: Comparison) -> dict[str, Any]:
    tabs: dict[str, list] = {tab: [] for tab in PUPIL_TABS}
    for step in comparison.steps:
        tabs[tab_of(step)].append(_row(step))
    for leaver in comparison.leavers:
        note = _("毕业") if leaver.graduates else _("离校")
        tabs["left"].append(_line("", leaver.name, leaver.class_name, [note]))
    return {
        "tabs": tabs,
        "counts": comparison.counts(),
        "classes": [_title(key) for key in comparison.new_classes],
        "homes_unknown": comparison.homes_unknown,
        "doubts": _doubts(comparison),
    }


def _doubts(comparison: Comparison | StaffComparison) -> list[dict]:
    return [
        {"key": d.entry.key, "sheet": d.entry.sheet, "row": d.entry.row, "name": d.entry.name,
         "where": _title(d.entry.class_key) if isinstance(comparison, Comparison) else "",
         "candidates": d.candidates}
        for d in comparison.doubts
    ]  # fmt: skip


def _line(where: str, name: str, place: str, notes: list[str]) -> dict[str, Any]:
    return {"where": where, "name": name, "class": place, "notes": notes}


def _row(step: Step) -> dict[str, Any]:
    entry = step.entry
    notes = []
    if step.what == TRANSFER:
        notes.append(_("原在其他学校，按转入办理"))
    elif step.what == RETURN:
        notes.append(_("曾在本校，重新入学"))
    elif step.from_class:
        word = _("升级") if step.what == PROMOTE else _("调班")
        notes.append(_("%(word)s：原在%(name)s") % {"word": word, "name": step.from_class})
    notes += [
        f"{label}：{old or _('未填')} → {new}" for label, old, new in step.changes
    ]  # fmt: skip
    notes += _family_notes(step)
    return _line(f"{entry.sheet} {entry.row}".strip(), entry.name, _title(entry.class_key), notes)


def _family_notes(step: Step) -> list[str]:
    notes = []
    fresh = [one.entry.name for one in step.family if one.what in {NEW, LINK}]
    if fresh:
        notes.append(_("家长：%(names)s") % {"names": "、".join(fresh)})
    for one in step.family:
        if one.what == CHANGE:
            fields = "、".join(_FIELDS[name] for name in one.changes)
            notes.append(_("%(name)s：更新%(fields)s") % {"name": one.entry.name, "fields": fields})
        elif one.what == BARRED:
            # The caution is plain: no basis, no detail on a list.
            notes.append(_("%(name)s：有限制记录，不作改动") % {"name": one.entry.name})
    return notes


_FIELDS = {"name": "姓名", "phone": "电话", "other_phone": "备用电话", "id_number": "证件号"}
_WHATS = {"open": "opened", "close": "closed", "keep": "unchanged"}


def _of_staff(comparison: StaffComparison) -> dict[str, Any]:
    tabs: dict[str, list] = {tab: [] for tab in STAFF_TABS}
    for person in comparison.people:
        for step in person.posts:
            entry = step.entry
            notes = [
                str(Role(entry.role).label) + (f"（{entry.subject}）" if entry.subject else "")
            ]
            if entry.acting:
                notes.append(_("代理"))
            if step.what == "open":
                notes.append(_("%(day)s 起") % {"day": day_words(step.from_on)})
            if step.until_on and step.what != "keep":
                notes.append(_("至 %(day)s") % {"day": day_words(step.until_on)})
            if step.hands_over is not None:
                notes.append(_("接替%(name)s") % {"name": step.hands_over.staff.name})
            if person.what == "new":
                notes.append(_("新登记的教职工"))
            where = f"{entry.sheet} {entry.row}".strip()
            tabs[_WHATS[step.what]].append(_line(where, entry.name, step.place_name, notes))
    return {
        "tabs": tabs,
        "counts": comparison.counts(),
        "classes": [],
        "doubts": _doubts(comparison),
    }
