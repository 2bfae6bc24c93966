"""What the actions of a roster share: reading, comparing, keeping the preview, moving the state."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.people.models import RosterImport
from gongyu.ground.places.models import Place

from . import keeping
from .changes import Comparison
from .comparing import compare
from .entries import Roster
from .headers import STAFF
from .importing import write
from .known import school_for_reading
from .previewing import preview_of
from .reading import read_roster
from .rules import RosterRefused
from .staffing import StaffComparison, compare_staff, write_staff

KEPT_DAYS = 7
_log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
Found = Comparison | StaffComparison


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody says of a file when handing it in."""

    kind: str = ""  # pupils, staff or "" to let the headings decide
    covers: str = RosterImport.Covers.PART
    on: date | None = None


def register(school: Place, file_name: str, asked: Asked, by: Actor) -> RosterImport:
    moment = now()
    return RosterImport.objects.create(
        school=school,
        kind=asked.kind,
        covers=asked.covers,
        on=asked.on,
        file_name=file_name[:120],
        kept_as=keeping.new_name(),
        uploaded_by_id=by.user_id,
        uploaded_at=moment,
        changed_at=moment,
        expires_on=moment.date() + timedelta(days=KEPT_DAYS),
    )


def sheet_of(roster: RosterImport, data: bytes, tell: Progress) -> Roster:
    school = school_for_reading(roster.school, roster.on)
    return read_roster(
        data,
        school,
        on=roster.on,
        kind=roster.kind,
        progress=lambda done, total: tell("read", done, total),
    )


def compare_with(roster: RosterImport, sheet: Roster) -> Found:
    if sheet.kind == STAFF:
        return compare_staff(sheet, roster.school, roster.on, answers=roster.answers)
    return compare(sheet, roster.school, roster.on, covers=roster.covers, answers=roster.answers)


def settle(
    roster: RosterImport,
    sheet: Roster,
    comparison: Found | None,
    by: Actor,
) -> RosterImport:
    """Keeps the preview and says what the file waits for now."""
    roster.kind = sheet.kind
    _keep_preview(roster, sheet, comparison)
    status = "mapping" if sheet.needs_mapping else "refused" if roster.faults else "ready"
    roster.rows_total = sum(each.rows_read for each in sheet.sheets)
    move(roster, ("uploaded",), status)
    leave_trace(f"roster.{'refuse' if status == 'refused' else 'read'}", roster, by, roster.summary)
    return roster


def _keep_preview(roster: RosterImport, sheet: Roster, comparison: Found | None) -> None:
    preview = preview_of(sheet, comparison)
    keeping.keep_preview(roster.kept_as, preview)
    roster.faults, roster.warnings = preview["fault_count"], preview["warning_count"]
    roster.summary = preview["counts"]
    roster.seen = comparison.print() if comparison is not None else ""


def write_in(
    roster: RosterImport,
    comparison: Found,
    status: str,
    by: Actor,
    tell: Progress,
) -> None:
    """Writes, and marks the import as done, in the caller's transaction."""
    if isinstance(comparison, StaffComparison):
        write_staff(comparison, roster.on, by=by)
    else:
        write(
            comparison,
            roster.school,
            roster.on,
            by=by,
            with_leavers=roster.with_leavers,
            import_id=roster.pk,
            progress=tell,
        )
    roster.summary = comparison.counts()
    roster.rows_done = roster.rows_total
    if not roster.with_leavers:
        roster.summary.pop("left", None)
    move(roster, (status,), "done")
    leave_trace("roster.import", roster, by, roster.summary)


def fail(roster: RosterImport, error: Exception, status: str, by: Actor) -> RosterImport:
    # Where it failed and the class alone: a message could carry a child's data.
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in frames[:-4:-1])
    _log.error("Roster import %s failed: %s at %s", roster.pk, type(error).__name__, places)
    with transaction.atomic():
        move(roster, (status,), "failed")
        leave_trace("roster.fail", roster, by, {"error": type(error).__name__})
    return roster


def move(roster: RosterImport, before: tuple[str, ...], after: str) -> None:
    """Changes the status if it is still one of `before`; of two who try, one succeeds.
    Raises RosterRefused."""
    fields = ("kind", "summary", "answers", "faults", "warnings", "rows_done", "rows_total",
              "with_leavers", "seen")  # fmt: skip
    moved = RosterImport.objects.filter(pk=roster.pk, status__in=before).update(
        status=after, changed_at=now(), **{name: getattr(roster, name) for name in fields}
    )
    if not moved:
        raise RosterRefused(_("这份名册刚刚已被处理（可能在另一个窗口）。请刷新页面查看最新状态。"))
    roster.status = after


def leave_trace(verb: str, roster: RosterImport, by: Actor, detail: dict) -> None:
    record(verb, by=by, subject=("roster", roster.pk), place_id=roster.school_id, detail=detail)
