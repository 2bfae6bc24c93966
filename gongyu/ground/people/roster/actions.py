"""A roster's way in: upload, read, map, answer, confirm, import, cancel, tidy. One transaction each."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.people.models import HeaderMapping, RosterImport
from gongyu.ground.people.states import KEEPING
from gongyu.ground.places.models import Place
from gongyu.ground.places.rules import PlaceRefused
from gongyu.ground.staff.rules import PostRefused

from . import keeping
from .changes import Comparison
from .comparing import compare
from .entries import Roster
from .faults import Fault
from .headers import STAFF, plain
from .importing import write
from .known import school_for_reading
from .pausing import garbage_collection_paused
from .previewing import preview_of
from .reading import read_roster
from .rules import RosterRefused, check_may, check_seen
from .staffing import StaffComparison, compare_staff, write_staff

KEPT_DAYS = 7
RUNNING_MINUTES = 10
_log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody says of a file when handing it in."""

    kind: str = ""  # pupils, staff or "" to let the headings decide
    covers: str = RosterImport.Covers.PART
    on: date | None = None


class Changed(Exception):
    """The database is no longer as it was when the preview was made."""


@transaction.atomic
def upload(school: Place, file_name: str, data: bytes, asked: Asked, *, by: Actor) -> RosterImport:
    """Keeps the file, encrypted, for reading. `asked.on` is the day that the roster speaks of."""
    moment = now()
    name = keeping.new_name()
    keeping.keep(name, keeping.FILE, data)
    roster = RosterImport.objects.create(
        school=school,
        kind=asked.kind,
        covers=asked.covers,
        on=asked.on,
        file_name=file_name[:120],
        kept_as=name,
        uploaded_by_id=by.user_id,
        uploaded_at=moment,
        changed_at=moment,
        expires_on=moment.date() + timedelta(days=KEPT_DAYS),
    )
    _audit("roster.upload", roster, by, {"bytes": len(data)})
    return roster


def read(roster: RosterImport, *, by: Actor, progress: Progress | None = None) -> RosterImport:
    """Reads and compares an uploaded file; it is then ready, refused, or waits for its headings."""
    try:
        with transaction.atomic():
            return _read(roster, by, progress or _teller(roster))
    except (RosterRefused, keeping.NotKept):
        raise
    except Exception as error:
        return _fail(roster, error, "uploaded", by)


def _read(roster: RosterImport, by: Actor, tell: Progress) -> RosterImport:
    with garbage_collection_paused():
        sheet, comparison = _read_and_compare(roster, tell)
        roster.kind = sheet.kind
        _keep_preview(roster, sheet, comparison)
    status = "ready"
    if sheet.needs_mapping:
        status = "mapping"
    elif roster.faults:
        status = "refused"
    roster.rows_total = sum(each.rows_read for each in sheet.sheets)
    _move(roster, ("uploaded",), status)
    _audit(f"roster.{'refuse' if status == 'refused' else 'read'}", roster, by, roster.summary)
    return roster


def _read_and_compare(
    roster: RosterImport, tell: Progress
) -> tuple[Roster, Comparison | StaffComparison | None]:
    sheet = _sheet(roster, tell)
    if sheet.needs_mapping or sheet.fault_count:
        return sheet, None
    tell("compare", 0, len(sheet.entries))
    return sheet, _compare(roster, sheet)


def _sheet(roster: RosterImport, tell: Progress) -> Roster:
    data = keeping.kept(roster.kept_as, keeping.FILE)
    school = school_for_reading(roster.school, roster.on)
    return read_roster(
        data,
        school,
        on=roster.on,
        kind=roster.kind,
        progress=lambda done, total: tell("read", done, total),
    )


def _compare(roster: RosterImport, sheet: Roster) -> Comparison | StaffComparison:
    if sheet.kind == STAFF:
        return compare_staff(sheet, roster.school, roster.on, answers=roster.answers)
    return compare(sheet, roster.school, roster.on, covers=roster.covers, answers=roster.answers)


def _keep_preview(
    roster: RosterImport, sheet: Roster, comparison: Comparison | StaffComparison | None
) -> None:
    preview = preview_of(sheet, comparison)
    keeping.keep_preview(roster.kept_as, preview)
    roster.faults, roster.warnings = preview["fault_count"], preview["warning_count"]
    roster.summary = preview["counts"]
    roster.seen = comparison.print() if comparison is not None else ""


@transaction.atomic
def map_headings(
    roster: RosterImport, fields: dict[str, str], kind: str, *, by: Actor
) -> RosterImport:
    """Keeps for the school what each heading means ("-": not used), and lets the file be read
    again."""
    check_may(roster, "map")
    for heading, field in fields.items():
        HeaderMapping.objects.update_or_create(
            school=roster.school,
            kind=kind,
            heading=plain(heading)[:60],
            defaults={"field": field},
        )
    roster.kind = kind
    _move(roster, (roster.status,), "uploaded")
    _audit("roster.map", roster, by, {"headings": len(fields)})
    return roster


@transaction.atomic
def answer(roster: RosterImport, answers: dict[str, int], *, by: Actor) -> RosterImport:
    """Says of doubtful rows which child is meant (0: a new one); the preview is made anew."""
    check_may(roster, "confirm")
    roster.answers = {**roster.answers, **answers}
    _move(roster, ("ready",), "uploaded")
    _audit("roster.answer", roster, by, {"answers": len(answers)})
    return read(roster, by=by)


@transaction.atomic
def confirm(
    roster: RosterImport, seen: str, *, by: Actor, with_leavers: bool = False
) -> RosterImport:
    """Lets the import begin. Holds only for the preview that was seen, and only once.
    Raises RosterRefused."""
    check_may(roster, "confirm")
    check_seen(roster, seen, keeping.kept_preview(roster.kept_as))
    roster.with_leavers = with_leavers
    _move(roster, ("ready",), "confirmed")
    _audit("roster.confirm", roster, by, {"leavers": with_leavers})
    return roster


def run(roster: RosterImport, *, by: Actor, progress: Progress | None = None) -> RosterImport:
    """Imports a confirmed roster, whole or not at all. What the database has become since the
    preview leads back to a new preview."""
    with transaction.atomic():
        _move(roster, ("confirmed",), "running")
    try:
        with garbage_collection_paused():
            _import(roster, progress or _teller(roster), by)
    except Changed:
        return _read_again(roster, by)
    except (PlaceRefused, PostRefused) as refused:
        return _refuse(roster, str(refused), by)
    except RosterRefused:
        raise
    except Exception as error:
        return _fail(roster, error, "running", by)
    keeping.forget(roster.kept_as)
    return roster


def _fail(roster: RosterImport, error: Exception, status: str, by: Actor) -> RosterImport:
    # Where it failed and the class alone: a message could carry a child's data.
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in frames[:-4:-1])
    _log.error("Roster import %s failed: %s at %s", roster.pk, type(error).__name__, places)
    with transaction.atomic():
        _move(roster, (status,), "failed")
        _audit("roster.fail", roster, by, {"error": type(error).__name__})
    return roster


def _import(roster: RosterImport, tell: Progress, by: Actor) -> None:
    # Reading needs no lock: the file is what it was.
    sheet = _sheet(roster, tell)
    with transaction.atomic():
        # Two imports of one school wait for each other here.
        Place.objects.select_for_update(of=("self",)).get(pk=roster.school_id)
        tell("compare", 0, len(sheet.entries))
        comparison = None if sheet.fault_count else _compare(roster, sheet)
        if comparison is None or comparison.refused or comparison.print() != roster.seen:
            raise Changed
        write_comparison(roster, comparison, by, tell)


def write_comparison(
    roster: RosterImport, comparison: Comparison | StaffComparison, by: Actor, tell: Progress
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
    _move(roster, ("running",), "done")
    _audit("roster.import", roster, by, roster.summary)


def _read_again(roster: RosterImport, by: Actor) -> RosterImport:
    with transaction.atomic():
        _move(roster, ("running",), "uploaded")
        read(roster, by=by)
        roster.summary["changed_since"] = 1
        roster.save(update_fields=["summary"])
    return roster


def _refuse(roster: RosterImport, message: str, by: Actor) -> RosterImport:
    fault = Fault("contradiction", message, _("核对后重新上传"))
    with transaction.atomic():
        preview = keeping.kept_preview(roster.kept_as)
        preview["faults"] = [fault.as_dict(), *preview["faults"]]
        keeping.keep_preview(roster.kept_as, preview)
        roster.faults = 1
        _move(roster, ("running",), "refused")
        _audit("roster.refuse", roster, by, {})
    return roster


@transaction.atomic
def read_again(roster: RosterImport, *, by: Actor) -> RosterImport:
    """Makes the preview anew, after a failure or when the school has changed meanwhile."""
    check_may(roster, "read_again")
    _move(roster, ("failed", "ready"), "uploaded")
    _audit("roster.read_again", roster, by, {})
    return roster


@transaction.atomic
def cancel(roster: RosterImport, *, by: Actor) -> RosterImport:
    """Gives the import up; file and preview are deleted."""
    check_may(roster, "cancel")
    _move(roster, (roster.status,), "cancelled")
    _audit("roster.cancel", roster, by, {})
    keeping.forget(roster.kept_as)
    return roster


@transaction.atomic
def tidy(moment: datetime, *, by: Actor) -> int:
    """Deletes files whose days are over, and gives up imports that a stopped worker left running.
    Returns how many imports changed."""
    over = RosterImport.objects.filter(status__in=KEEPING, expires_on__lte=moment.date())
    stuck = RosterImport.objects.filter(
        status="running", changed_at__lt=moment - timedelta(minutes=RUNNING_MINUTES)
    )
    changed = 0
    for roster in stuck:
        _move(roster, ("running",), "failed")
        _audit("roster.fail", roster, by, {"error": "stopped"})
        changed += 1
    for roster in over.exclude(status__in=("confirmed", "running")):
        _move(roster, (roster.status,), "expired")
        _audit("roster.expire", roster, by, {})
        keeping.forget(roster.kept_as)
        changed += 1
    keeping.forget_older_than(moment - timedelta(days=KEPT_DAYS + 1))
    return changed


def _move(roster: RosterImport, before: tuple[str, ...], after: str) -> None:
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


def _teller(roster: RosterImport) -> Progress:
    return lambda phase, done, total: keeping.tell_progress(roster.kept_as, phase, done, total)


def _audit(verb: str, roster: RosterImport, by: Actor, detail: dict) -> None:
    record(verb, by=by, subject=("roster", roster.pk), place_id=roster.school_id, detail=detail)
