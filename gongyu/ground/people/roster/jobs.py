"""Large rosters are read and imported by the worker, small ones while the page waits."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django_tasks import task

from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.calendar.clock import today
from gongyu.ground.people.models import RosterImport

from . import actions

# A class or a small school: read in well under a second.
AT_ONCE_BYTES = 120_000
AT_ONCE_ROWS = 300


@task()
def read_job(import_id: int) -> None:
    """Reads an uploaded roster."""
    roster = RosterImport.objects.select_related("school", "uploaded_by").get(pk=import_id)
    actions.read(roster, by=_actor_behind(roster))


@task()
def import_job(import_id: int) -> None:
    """Imports a confirmed roster."""
    roster = RosterImport.objects.select_related("school", "uploaded_by").get(pk=import_id)
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


def _actor_behind(roster: RosterImport) -> Actor:
    """Whoever handed the roster in; the audit names the person, not the worker."""
    if roster.uploaded_by is None:
        return SYSTEM
    return actor_for(roster.uploaded_by, today()) or SYSTEM
