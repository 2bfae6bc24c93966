"""Writes what a comparison found: one transaction, in bulk, with audit rows and ledger facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from gongyu.ground.audit.actions import Deed, record_many
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_bounds, school_year_of
from gongyu.ground.ledger.actions import append_many, standing_facts_of
from gongyu.ground.people.facts import ENROLMENT_SOURCE, facts_of_enrolment
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.places.actions import NewClass, open_classes
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.staff.naming import initials

from .changes import ADD, MOVE, PROMOTE, RETURN, STAY, TRANSFER, Comparison, Leaver, Step
from .class_names import ClassKey
from .kinship import write_families
from .writing import insert, update

HowIn, HowOut = Enrolment.HowIn, Enrolment.HowOut
_HOW_IN = {
    TRANSFER: HowIn.TRANSFERRED,
    RETURN: HowIn.RETURNED,
    MOVE: HowIn.MOVED_CLASS,
    PROMOTE: HowIn.PROMOTED,
}
_HOW_OUT = {
    TRANSFER: HowOut.TRANSFERRED,
    MOVE: HowOut.MOVED_CLASS,
    PROMOTE: HowOut.PROMOTED,
}

Progress = Callable[[str, int, int], None]


def write(
    comparison: Comparison,
    school: Place,
    on: date,
    *,
    by: Actor,
    with_leavers: bool,
    import_id: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Brings the database in line. Must run inside the transaction in which it was compared, with
    neither faults nor doubts left."""
    writer = _Writer(school, on, by, import_id, progress or (lambda what, done, total: None))
    writer.classes(comparison)
    writer.children(comparison.steps)
    writer.enrolments(comparison.steps, comparison.leavers if with_leavers else [])
    writer.deeds += write_families(comparison.steps, on)
    writer.finish()


class _Writer:
    def __init__(
        self, school: Place, on: date, by: Actor, import_id: int | None, progress: Progress
    ):
        self.school, self.on, self.by, self.progress = school, on, by, progress
        self.about = {"import": import_id} if import_id else {}
        self.deeds: list[Deed] = []
        self.class_ids: dict[ClassKey, int] = {}

    def classes(self, comparison: Comparison) -> None:
        """Opens the classes that the school does not have yet."""
        if not comparison.new_classes:
            return
        year = school_year_of(self.on)
        first, until = school_year_bounds(year)
        # In a school that has classes this year, one more has come into being on the day.
        standing = SchoolClass.objects.filter(school=self.school, school_year=year).exists()
        from_on = self.on if standing else max(first, self.school.from_on)
        campuses = _campuses(set(comparison.new_classes.values()), self.school)
        rows = [
            NewClass(self.school.pk, year, key.stage, key.grade, key.number, from_on, until,
                     campus_id=campuses.get(campus))
            for key, campus in comparison.new_classes.items()
        ]  # fmt: skip
        opened = open_classes(rows, by=self.by)
        self.class_ids = {
            key: one.pk for key, one in zip(comparison.new_classes, opened, strict=True)
        }
        for step in comparison.steps:
            if step.class_id is None:
                step.class_id = self.class_ids[step.entry.class_key]

    def children(self, steps: list[Step]) -> None:
        """Adds the new children and mends the known ones."""
        new = [step for step in steps if step.what == ADD]
        self.progress("children", 0, len(new))
        ids = insert(Child, _CHILD_FIELDS, [_child_row(step) for step in new])
        for step, pk in zip(new, ids, strict=True):
            step.child_id = pk
            self.deeds.append(
                Deed("child.add", ("child", pk), place_id=step.class_id, detail=self.about)
            )
        changed = [step for step in steps if step.what != ADD and step.values]
        for step in changed:
            if "name" in step.values:
                step.values["initials"] = initials(step.values["name"])
            what = {**self.about, "fields": sorted(step.values)}
            self.deeds.append(
                Deed("child.change", ("child", step.child_id), place_id=step.class_id, detail=what)
            )
        update(Child, {step.child_id: step.values for step in changed})

    def enrolments(self, steps: list[Step], leavers: list[Leaver]) -> None:
        """Ends, corrects and opens enrolments, and tells the ledger."""
        ended: dict[int, dict] = {}
        opening: list[Step] = []
        for step in steps:
            held = step.enrolment
            if step.what == STAY:
                if step.set_right:
                    ended[held.pk] = dict(step.set_right)
                    self._deed("enrolment.correct", step)
            elif held is not None and held.from_on == self.on:
                # Enrolled and moved on one day: the enrolment was never anywhere else.
                ended[held.pk] = self._in_place(step)
                self._deed("enrolment.correct", step)
            else:
                if held is not None:
                    ended[held.pk] = {"until_on": self.on, "how_out": _HOW_OUT[step.what]}
                    self._deed("enrolment.close", step, held.class_id)
                opening.append(step)
        for leaver in leavers:
            how = HowOut.GRADUATED if leaver.graduates else HowOut.LEFT
            if leaver.enrolment.from_on == self.on:
                continue
            ended[leaver.enrolment.pk] = {"until_on": self.on, "how_out": how}
            self.deeds.append(
                Deed("enrolment.close", ("child", leaver.child_id),
                     place_id=leaver.enrolment.class_id, detail=self.about)
            )  # fmt: skip
        self._end(ended)
        self._open(opening)

    def _in_place(self, step: Step) -> dict:
        return {
            "school_id": self.school.pk,
            "school_class_id": step.class_id,
            **({"boarding": step.entry.boarding} if step.entry.boarding is not None else {}),
        }

    def _end(self, ended: dict[int, dict]) -> None:
        update(Enrolment, ended)
        said = standing_facts_of(ENROLMENT_SOURCE, ended)
        facts = []
        ids = list(ended)
        for start in range(0, len(ids), 900):
            for row in Enrolment.objects.filter(pk__in=ids[start : start + 900]).order_by("pk"):
                old = said.get(row.pk)
                # A pupil's number is no fact; what the ledger says already is not said again.
                if set(ended[row.pk]) != {"pupil_number"}:
                    facts += facts_of_enrolment(row, supersedes_id=old.seq if old else None)
        append_many(facts, by=self.by)

    def _open(self, opening: list[Step]) -> None:
        self.progress("enrolments", 0, len(opening))
        rows = [
            (step.child_id, self.school.pk, step.class_id, self._how_in(step),
             bool(step.entry.boarding), step.entry.pupil_number, self.on, None, "")
            for step in opening
        ]  # fmt: skip
        ids = insert(Enrolment, _ENROLMENT_FIELDS, rows)
        facts = []
        for step, row, pk in zip(opening, rows, ids, strict=True):
            facts += facts_of_enrolment(_Opened(pk, *row))
            if step.what != ADD:
                self._deed("enrolment.open", step)
        append_many(facts, by=self.by)

    def _how_in(self, step: Step) -> str:
        if step.what == ADD:
            return step.entry.how_in or HowIn.ADMITTED
        return _HOW_IN[step.what]

    def _deed(self, verb: str, step: Step, place_id: int | None = None) -> None:
        self.deeds.append(
            Deed(verb, ("child", step.child_id), place_id=place_id or step.class_id,
                 detail=self.about)
        )  # fmt: skip

    def finish(self) -> None:
        self.progress("audit", 0, len(self.deeds))
        record_many(self.deeds, by=self.by)


_CHILD_FIELDS = (
    "name",
    "initials",
    "sex",
    "born_on",
    "id_kind",
    "id_number",
    "id_digest",
    "registry_number",
    "registry_digest",
    "home_id",
    "address",
)
_ENROLMENT_FIELDS = (
    "child_id",
    "school_id",
    "school_class_id",
    "how_in",
    "boarding",
    "pupil_number",
    "from_on",
    "until_on",
    "how_out",
)


@dataclass(slots=True)
class _Opened:
    """A row just written, in the order of _ENROLMENT_FIELDS."""

    pk: int
    child_id: int
    school_id: int
    school_class_id: int
    how_in: str
    boarding: bool
    pupil_number: str
    from_on: date
    until_on: date | None
    how_out: str


def _child_row(step: Step) -> tuple:
    entry = step.entry
    return (
        entry.name,
        initials(entry.name),
        entry.sex,
        entry.born_on,
        entry.id_kind,
        entry.id_number,
        step.id_digest,
        entry.registry_number,
        step.registry_digest,
        step.home_id,
        entry.address,
    )


def _campuses(names: set[str], school: Place) -> dict[str, int]:
    found = Place.objects.filter(
        kind=Place.Kind.CAMPUS, name__in=names - {""}, placements__parent=school
    )
    return dict(found.values_list("name", "pk"))
