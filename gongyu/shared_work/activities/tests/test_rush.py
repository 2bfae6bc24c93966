"""200 families book the last 20 places in the same moment: nobody is oversold, doubled or lost."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.models import Care, Carer, Child, Enrolment
from gongyu.shared_work.activities import actions
from gongyu.shared_work.activities.models import Activity, Booking, Slot
from gongyu.shared_work.activities.queries import links
from gongyu.shared_work.activities.tests.conftest import plan_of, slots_of
from tests.cast import CAST_DAY, LONG_AGO, YEAR_FROM, build_cast
from tests.contracts.sources import ROOT

FAMILIES, PLACES, PROCESSES = 200, 20, 4
RUSH = Path(__file__).with_name("rush.py")


@pytest.mark.django_db(transaction=True)
def test_two_hundred_families_at_once_for_the_last_twenty_places(tmp_path):
    cast = build_cast()
    tokens, activity = _invited_families(cast)
    slot = activity.slots.get()
    database = _address(tmp_path)
    # Every tenth family taps twice: it must still have one booking.
    taps = [*tokens, *tokens[::10]]
    said = _rush(taps, slot.pk, database)
    assert [line for line in said if line["status"] not in {200, 302}] == []
    assert len(said) == len(taps)
    rows = _rows(database, activity)
    booked = [turn for turn, status in rows if status == "booked"]
    waiting = [turn for turn, status in rows if status == "waiting"]
    assert (len(booked), len(waiting)) == (PLACES, FAMILIES - PLACES), "none oversold, none lost"
    assert sorted(booked + waiting) == list(range(1, FAMILIES + 1)), "every turn once"
    assert max(booked) < min(waiting), "whoever came first has a place"
    assert _taken(database, slot) == PLACES


@pytest.mark.django_db(transaction=True)
def test_the_queue_moves_in_order_when_twenty_families_cancel():
    cast = build_cast()
    tokens, activity = _invited_families(cast, families=30, places=10)
    slot = activity.slots.get()
    for token in tokens:
        actions.book_by_link(token, slot.pk, on=CAST_DAY)
    for token in tokens[:10]:
        actions.cancel_by_link(token, on=CAST_DAY)
    live = Booking.objects.filter(activity=activity, status="booked").order_by("turn")
    assert list(live.values_list("turn", flat=True)) == list(range(11, 21))
    waiting = Booking.objects.filter(activity=activity, status="waiting")
    assert sorted(waiting.values_list("turn", flat=True)) == list(range(21, 31))


def _invited_families(cast, families: int = FAMILIES, places: int = PLACES):
    """So many families in one class, an open day for it, one slot of so many places."""
    carers = Carer.objects.bulk_create(Carer(name=f"家长{n}") for n in range(families))
    children = Child.objects.bulk_create(Child(name=f"学生{n}") for n in range(families))
    Enrolment.objects.bulk_create(
        Enrolment(
            child=child,
            school=cast.school,
            school_class=cast.this_class,
            from_on=YEAR_FROM,
            how_in="admitted",
        )
        for child in children
    )
    Care.objects.bulk_create(
        Care(
            child=child,
            carer=carer,
            relation="mother",
            is_guardian=True,
            is_daily_carer=True,
            from_on=LONG_AGO,
        )
        for child, carer in zip(children, carers, strict=True)
    )
    plan = plan_of(cast, scope="classes", class_ids=(cast.this_class.pk,))
    activity = actions.plan_activity(plan, key="rush", on=CAST_DAY, by=SYSTEM)
    slots_of(activity, SYSTEM, count=1, capacity=places)
    activity = actions.invite(activity, on=CAST_DAY, by=SYSTEM)
    salts = dict(activity.links.values_list("carer_id", "salt"))
    return [links.new_token(carer.pk, salts[carer.pk]) for carer in carers], activity


def _address(tmp_path: Path) -> str:
    """Where the other processes find what was stored: a file for SQLite, which in memory belongs to
    one process; PostgreSQL's test database itself."""
    if connection.vendor == "sqlite":
        path = tmp_path / "rush.sqlite3"
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
        copy.close()
        return f"sqlite:///{path}"
    told = connection.settings_dict
    return f"postgresql://{told['USER']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"


def _rush(tokens: list[str], slot_id: int, database: str) -> list[dict]:
    env = {
        **os.environ,
        "GONGYU_DATABASE_URL": database,
        "GONGYU_DATA": str(settings.DATA),
        "GONGYU_KEYS": str(settings.KEYS_FILE),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    begin = time.time() + 25  # the other processes load for a while
    groups = [tokens[n::PROCESSES] for n in range(PROCESSES)]
    started = [
        subprocess.Popen(
            [sys.executable, RUSH, str(begin), str(slot_id), *group],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for group in groups
    ]  # fmt: skip
    said = []
    for process in started:
        out, errors = process.communicate(timeout=500)
        assert process.returncode == 0, errors
        said += [json.loads(line) for line in out.splitlines()]
    return said


def _ask(database: str, query: str, number: int) -> list[tuple]:
    if database.startswith("sqlite"):
        with sqlite3.connect(database.removeprefix("sqlite:///")) as copy:
            rows = copy.execute(query % "?", [number]).fetchall()
        copy.close()
        return rows
    with connection.cursor() as cursor:
        cursor.execute(query, [number])
        return cursor.fetchall()


def _rows(database: str, activity: Activity) -> list[tuple]:
    query = "SELECT turn, status FROM activities_booking WHERE activity_id = %s"
    return _ask(database, query, activity.pk)


def _taken(database: str, slot: Slot) -> int:
    return _ask(database, "SELECT taken FROM activities_slot WHERE id = %s", slot.pk)[0][0]
