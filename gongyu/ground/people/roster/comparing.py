"""Compares a roster with the database as of a day: what would be added, changed, moved, left."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.people.models import RosterImport, Sex
from gongyu.ground.places.models import Place

from .changes import (
    ADD,
    MOVE,
    PROMOTE,
    RETURN,
    STAY,
    TRANSFER,
    Comparison,
    Doubt,
    Leaver,
    Step,
)
from .class_names import is_last_grade
from .entries import PupilEntry, Roster
from .families import compare_families
from .homes import homes_of
from .known import Known, know
from .lines import Faults
from .matching import Match, match, words_of

Covers = RosterImport.Covers


def compare(
    roster: Roster,
    school: Place,
    on: date,
    *,
    covers: str = Covers.PART,
    answers: dict[str, int] | None = None,
) -> Comparison:
    """What importing the pupils of the roster would do on the day. Nothing is written."""
    known = know(school, on, roster.pupils)
    faults = Faults()
    result = Comparison()
    matches = match(roster.pupils, known, answers or {}, faults)
    homes = homes_of(roster.pupils, school, on)
    for entry, found in zip(roster.pupils, matches, strict=True):
        if found.candidates:
            options = [(c, words_of(c, known)) for c in found.candidates]
            result.doubts.append(Doubt(entry, options))
            continue
        step = _step(entry, found, known, faults)
        step.home_id = homes.get((entry.town, entry.community))
        if step.home_id is None and (entry.town or entry.community):
            result.homes_unknown += 1
        result.steps.append(step)
        if step.class_id is None:
            result.new_classes.setdefault(entry.class_key, entry.campus)
        _child_changes(step, known)
    compare_families(result.steps, known)
    result.leavers = _leavers(roster.pupils, matches, known, covers)
    result.faults = faults.kept
    return result


def _step(entry: PupilEntry, found: Match, known: Known, faults: Faults) -> Step:
    held_class = known.class_of(entry.class_key)
    step = Step(
        entry,
        ADD,
        class_id=held_class.place_id if held_class else None,
        id_digest=found.id_digest,
        registry_digest=found.registry_digest,
    )
    if held_class is not None and held_class.until_on and held_class.until_on <= known.on:
        faults.say("class_closed", sheet=entry.sheet, row=entry.row, day=held_class.until_on)
    if found.child_id is None:
        return step
    step.child_id = found.child_id
    later = known.later.get(found.child_id)
    if later is not None:
        faults.say("later_change", sheet=entry.sheet, row=entry.row, day=later.isoformat())
        return step
    held = known.enrolments.get(found.child_id)
    step.enrolment = held
    if held is None:
        same = known.earlier.get(found.child_id) == known.school.pk
        step.what = RETURN if same else TRANSFER
    elif held.school_id != known.school.pk:
        step.what = TRANSFER
    elif held.class_id == step.class_id:
        step.what = STAY
        _set_right(step, entry)
    else:
        old = known.classes.get(held.class_id)
        step.from_class = old.name if old else ""
        step.what = PROMOTE if old and old.school_year < known.school_year else MOVE
    return step


def _set_right(step: Step, entry: PupilEntry) -> None:
    """What the enrolment itself says otherwise than the row."""
    held = step.enrolment
    if entry.boarding is not None and held.boarding != entry.boarding:
        step.set_right["boarding"] = entry.boarding
        words = {True: _("住校"), False: _("走读")}
        step.changes.append((_("就读方式"), words[held.boarding], words[entry.boarding]))
    if entry.pupil_number and held.pupil_number != entry.pupil_number:
        step.set_right["pupil_number"] = entry.pupil_number
        step.changes.append((_("学号"), held.pupil_number, entry.pupil_number))


def _child_changes(step: Step, known: Known) -> None:
    """What the row says of a known child that differs; an empty cell takes nothing away."""
    if step.child_id is None:
        return
    entry, child = step.entry, known.children[step.child_id]
    _differs(step, "name", _("姓名"), child.name, entry.name)
    if entry.sex != Sex.UNKNOWN:
        labels = dict(Sex.choices)
        _differs(step, "sex", _("性别"), child.sex, entry.sex, lambda value: labels[value])
    if entry.born_on:
        _differs(step, "born_on", _("出生日期"), child.born_on, entry.born_on)
    if step.id_digest and child.id_digest != step.id_digest:
        step.values |= {"id_number": entry.id_number, "id_digest": step.id_digest}
        step.values["id_kind"] = entry.id_kind
        step.changes.append((_("身份证件号"), _("有") if child.id_digest else "", _("更新")))
    if step.registry_digest and child.registry_digest != step.registry_digest:
        step.values["registry_number"] = entry.registry_number
        step.values["registry_digest"] = step.registry_digest
        had = _("有") if child.registry_digest else ""
        step.changes.append((_("全国学籍号"), had, _("更新")))
    if entry.address:
        _differs(step, "address", _("现住址"), child.address, entry.address)
    if step.home_id and step.home_id != child.home_id:
        step.values["home_id"] = step.home_id
        step.changes.append((_("居住村居"), "", entry.community or entry.town))


def _differs(step: Step, field: str, label: str, old, new, show=str) -> None:
    if old != new:
        step.values[field] = new
        step.changes.append((label, show(old) if old else "", show(new)))


def _leavers(
    pupils: list[PupilEntry], matches: list[Match], known: Known, covers: str
) -> list[Leaver]:
    """The children enrolled here whom no row means, if the file is said to be complete."""
    if covers == Covers.PART:
        return []
    named = {found.child_id for found in matches} | {c for m in matches for c in m.candidates}
    full = {entry.class_key for entry in pupils}
    leavers = []
    for child_id in known.here:
        held = known.enrolments[child_id]
        where = known.classes.get(held.class_id)
        if child_id in named or child_id in known.later:
            continue
        this_year = where is not None and where.school_year == known.school_year
        if covers == Covers.CLASSES and not (this_year and where.key in full):
            continue
        graduates = where is not None and not this_year and is_last_grade(where.key, known.stages)
        name = known.children[child_id].name
        leavers.append(Leaver(child_id, name, where.name if where else "", held, graduates))
    return leavers
