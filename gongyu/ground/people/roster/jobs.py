"""Large rosters are read and imported by the worker, small ones while the page waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.calendar.clock import today
from gongyu.ground.people.models import RosterImport

from . import actions, keeping
from .rules import RosterRefused

# A class or a small school: read in well under a second.
AT_ONCE_BYTES = 120_000
AT_ONCE_ROWS = 300
# Between a step's transaction and the work that follows it lies less than this.
GRACE = timedelta(seconds=10)
WAITING = ("uploaded", "confirmed", "running")


@task()
def read_job(import_id: int) -> None:
    """Reads an uploaded roster; a job that comes twice finds nothing left to do."""
    roster = RosterImport.objects.select_related("school", "uploaded_by").get(pk=import_id)
    if roster.status == "uploaded":
        actions.read(roster, by=_actor_behind(roster))


@task()
def import_job(import_id: int) -> None:
    """Imports a confirmed roster; a job that comes twice finds nothing left to do."""
    roster = RosterImport.objects.select_related("school", "uploaded_by").get(pk=import_id)
    if roster.status == "running" and not keeping.is_at_work(roster.kept_as):
        actions.take_up(roster, by=SYSTEM)
    if roster.status == "confirmed":
        actions.run(roster, by=_actor_behind(roster))


def read_soon(roster: RosterImport, size: int, *, by: Actor) -> None:
    """Reads now what is small; leaves the rest to the worker."""
    if size <= AT_ONCE_BYTES:
        actions.read(roster, by=by)
    else:
        transaction.on_commit(partial(read_job.enqueue, roster.pk))


def import_soon(roster: RosterImport, *, by: Actor) -> None:
    """Imports now what is small; leaves the rest to the worker."""
    if roster.rows_total <= AT_ONCE_ROWS:
        actions.run(roster, by=by)
    else:
        transaction.on_commit(partial(import_job.enqueue, roster.pk))


def take_up_lost(moment: datetime) -> int:
    """Imports that wait for work which nobody does and no job promises, because the process was
    stopped: they are taken up again. Returns how many."""
    left = RosterImport.objects.filter(status__in=WAITING, changed_at__lt=moment - GRACE)
    lost = [roster for roster in left if not keeping.is_at_work(roster.kept_as)]
    if not lost:
        return 0
    promised = _promised()
    taken = 0
    for roster in lost:
        if roster.pk in promised:
            continue
        try:
            actions.take_up(roster, by=SYSTEM)
        except RosterRefused:  # somebody was faster
            continue
        if roster.status != "failed":
            job = read_job if roster.status == "uploaded" else import_job
            job.enqueue(roster.pk)
        taken += 1
    return taken


def _promised() -> set[int]:
    """The imports for which a job waits or runs."""
    paths = [read_job.module_path, import_job.module_path]
    jobs = DBTaskResult.objects.filter(task_path__in=paths, status__in=("READY", "RUNNING"))
    return {one["args"][0] for one in jobs.values_list("args_kwargs", flat=True)}


def _actor_behind(roster: RosterImport) -> Actor:
    """Whoever handed the roster in; the audit names the person, not the worker."""
    if roster.uploaded_by is None:
        return SYSTEM
    return actor_for(roster.uploaded_by, today()) or SYSTEM
