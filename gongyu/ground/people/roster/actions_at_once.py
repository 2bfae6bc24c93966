"""A roster taken in without anybody looking at its preview: for the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import RosterImport
from gongyu.ground.places.models import Place
from gongyu.ground.places.rules import PlaceRefused
from gongyu.ground.staff.rules import PostRefused

from .changes import Doubt
from .entries import Roster
from .pausing import garbage_collection_paused
from .steps import (
    Asked,
    Progress,
    compare_with,
    fail,
    leave_trace,
    move,
    register,
    settle,
    sheet_of,
    write_in,
)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """How a file is taken in without anybody looking at its preview. `decide` answers doubts."""

    with_leavers: bool = False
    dry_run: bool = False
    decide: Callable[[list[Doubt]], dict[str, int]] | None = None
    progress: Progress = lambda phase, done, total: None


@dataclass(frozen=True, slots=True)
class Brought:
    """The import as it ended, and how the file was read (None when reading itself failed)."""

    roster: RosterImport
    sheet: Roster | None = None


def bring_in(
    school: Place, file_name: str, data: bytes, asked: Asked, how: AtOnce, *, by: Actor
) -> Brought:
    """Reads, compares and imports a file in one go, whole or not at all. It ends as done, as
    failed, or as ready, refused or mapping with its preview kept; then nothing was written.
    Raises PlaceRefused, PostRefused when what the file asks contradicts what there is."""
    with garbage_collection_paused():
        with transaction.atomic():
            roster = register(school, file_name, asked, by)
            roster.with_leavers = how.with_leavers
        try:
            sheet = sheet_of(roster, data, how.progress)
            with transaction.atomic():
                if sheet.needs_mapping or sheet.fault_count:
                    settle(roster, sheet, None, by)
                else:
                    _compare_and_write(roster, sheet, how, by)
            return Brought(roster, sheet)
        except Exception as error:
            fail(roster, error, "uploaded", by)
            if isinstance(error, PlaceRefused | PostRefused):
                raise
            return Brought(roster)


def _compare_and_write(roster: RosterImport, sheet: Roster, how: AtOnce, by: Actor) -> None:
    Place.objects.select_for_update(of=("self",)).get(pk=roster.school_id)
    how.progress("compare", 0, len(sheet.entries))
    comparison = compare_with(roster, sheet)
    if comparison.doubts and how.decide is not None:
        roster.answers = how.decide(comparison.doubts)
        comparison = compare_with(roster, sheet)
    if how.dry_run or comparison.refused or comparison.doubts:
        settle(roster, sheet, comparison, by)
        return
    roster.kind = sheet.kind
    roster.rows_total = sum(each.rows_read for each in sheet.sheets)
    roster.warnings = sheet.warning_count
    if comparison.changes_nothing(with_leavers=how.with_leavers):
        roster.summary = comparison.counts()
        move(roster, ("uploaded",), "done")
        leave_trace("roster.import", roster, by, roster.summary)
        return
    write_in(roster, comparison, "uploaded", by, how.progress)
