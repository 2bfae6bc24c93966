"""A roster's way in: upload, read, map, answer, confirm, import, take up again, cancel, tidy."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import HeaderMapping, RosterImport
from gongyu.ground.people.states import KEEPING
from gongyu.ground.places.models import Place
from gongyu.ground.places.rules import PlaceRefused
from gongyu.ground.staff.rules import PostRefused

from . import keeping
from .faults import Fault
from .headers import plain
from .pausing import garbage_collection_paused
from .rules import RosterRefused, check_may, check_seen
from .steps import (
    KEPT_DAYS,
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

# Whatever stops the process three times is not tried a fourth time.
STOPS_AT_MOST = 3


class Changed(Exception):
    """The database is no longer as it was when the preview was made."""


@transaction.atomic
def upload(school: Place, file_name: str, data: bytes, asked: Asked, *, by: Actor) -> RosterImport:
    """Keeps the file, encrypted, for reading. `asked.on` is the day that the roster speaks of."""
    roster = register(school, file_name, asked, by)
    keeping.keep(roster.kept_as, keeping.FILE, data)
    leave_trace("roster.upload", roster, by, {"bytes": len(data)})
    return roster


def read(roster: RosterImport, *, by: Actor, progress: Progress | None = None) -> RosterImport:
    """Reads and compares an uploaded file; it is then ready, refused, or waits for its headings."""
    with keeping.at_work(roster.kept_as):
        return _read_or_fail(roster, by, progress)


def _read_or_fail(roster: RosterImport, by: Actor, progress: Progress | None) -> RosterImport:
    try:
        with transaction.atomic():
            return _read(roster, by, progress or _teller(roster))
    except (RosterRefused, keeping.NotKept):
        raise
    except Exception as error:
        return fail(roster, error, "uploaded", by)


def _read(roster: RosterImport, by: Actor, tell: Progress) -> RosterImport:
    with garbage_collection_paused():
        sheet = sheet_of(roster, keeping.kept(roster.kept_as, keeping.FILE), tell)
        comparison = None
        if not sheet.needs_mapping and not sheet.fault_count:
            tell("compare", 0, len(sheet.entries))
            comparison = compare_with(roster, sheet)
        return settle(roster, sheet, comparison, by)


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
    move(roster, (roster.status,), "uploaded")
    leave_trace("roster.map", roster, by, {"headings": len(fields)})
    return roster


@transaction.atomic
def answer(roster: RosterImport, answers: dict[str, int], *, by: Actor) -> RosterImport:
    """Says of doubtful rows which child is meant (0: a new one); the preview is made anew."""
    check_may(roster, "confirm")
    roster.answers = {**roster.answers, **answers}
    move(roster, ("ready",), "uploaded")
    leave_trace("roster.answer", roster, by, {"answers": len(answers)})
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
    move(roster, ("ready",), "confirmed")
    leave_trace("roster.confirm", roster, by, {"leavers": with_leavers})
    return roster


def run(roster: RosterImport, *, by: Actor, progress: Progress | None = None) -> RosterImport:
    """Imports a confirmed roster, whole or not at all. What the database has become since the
    preview leads back to a new preview."""
    with keeping.at_work(roster.kept_as):
        return _run(roster, by, progress)


def _run(roster: RosterImport, by: Actor, progress: Progress | None) -> RosterImport:
    with transaction.atomic():
        move(roster, ("confirmed",), "running")
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
        return fail(roster, error, "running", by)
    keeping.forget(roster.kept_as)
    return roster


def _import(roster: RosterImport, tell: Progress, by: Actor) -> None:
    # Reading needs no lock: the file is what it was.
    sheet = sheet_of(roster, keeping.kept(roster.kept_as, keeping.FILE), tell)
    with transaction.atomic():
        # Two imports of one school wait for each other here.
        Place.objects.select_for_update(of=("self",)).get(pk=roster.school_id)
        tell("compare", 0, len(sheet.entries))
        comparison = None if sheet.fault_count else compare_with(roster, sheet)
        if comparison is None or comparison.refused or comparison.print() != roster.seen:
            raise Changed
        write_in(roster, comparison, "running", by, tell)


def _read_again(roster: RosterImport, by: Actor) -> RosterImport:
    with transaction.atomic():
        move(roster, ("running",), "uploaded")
        _read_or_fail(roster, by, None)
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
        move(roster, ("running",), "refused")
        leave_trace("roster.refuse", roster, by, {})
    return roster


@transaction.atomic
def read_again(roster: RosterImport, *, by: Actor) -> RosterImport:
    """Makes the preview anew, after a failure or when the school has changed meanwhile."""
    check_may(roster, "read_again")
    move(roster, ("failed", "ready"), "uploaded")
    keeping.forget_stops(roster.kept_as)
    leave_trace("roster.read_again", roster, by, {})
    return roster


@transaction.atomic
def take_up(roster: RosterImport, *, by: Actor) -> RosterImport:
    """The process that worked on it was stopped: the work begins again from where nothing was
    written, or after STOPS_AT_MOST such stops the import has failed. Raises RosterRefused when the
    import no longer waits for work."""
    check_may(roster, "take_up")
    if keeping.note_stop(roster.kept_as) >= STOPS_AT_MOST:
        move(roster, (roster.status,), "failed")
        leave_trace("roster.fail", roster, by, {"error": "stopped"})
        return roster
    # What was running is one transaction, and it is gone whole.
    after = "confirmed" if roster.status == "running" else roster.status
    move(roster, (roster.status,), after)
    leave_trace("roster.take_up", roster, by, {})
    return roster


@transaction.atomic
def cancel(roster: RosterImport, *, by: Actor) -> RosterImport:
    """Gives the import up; file and preview are deleted."""
    check_may(roster, "cancel")
    move(roster, (roster.status,), "cancelled")
    leave_trace("roster.cancel", roster, by, {})
    keeping.forget(roster.kept_as)
    return roster


@transaction.atomic
def tidy(moment: datetime, *, by: Actor) -> int:
    """Deletes files whose days are over. Returns how many imports changed."""
    over = RosterImport.objects.filter(status__in=KEEPING, expires_on__lte=moment.date())
    changed = 0
    for roster in over.exclude(status__in=("confirmed", "running")):
        move(roster, (roster.status,), "expired")
        leave_trace("roster.expire", roster, by, {})
        keeping.forget(roster.kept_as)
        changed += 1
    keeping.forget_older_than(moment - timedelta(days=KEPT_DAYS + 1))
    return changed


def _teller(roster: RosterImport) -> Progress:
    return lambda phase, done, total: keeping.tell_progress(roster.kept_as, phase, done, total)
