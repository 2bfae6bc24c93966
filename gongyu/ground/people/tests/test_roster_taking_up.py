"""A process that was stopped in the middle of an import: the import begins again, or says it failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.people.models import Child, Enrolment, RosterImport
from gongyu.ground.people.roster import actions, jobs, keeping
from gongyu.ground.people.roster.rules import RosterRefused
from tests.cast import CAST_DAY, sign_in

from .rosters import hand_in, pupil, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]
JOBS_WAIT = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


@pytest.fixture
def confirmed(cast) -> RosterImport:
    roster = hand_in(cast.school, sheet(pupil("钱小多")), on=CAST_DAY)
    return actions.confirm(roster, roster.seen, by=cast.registrar.actor)


def _as_if(roster: RosterImport, status: str) -> RosterImport:
    RosterImport.objects.filter(pk=roster.pk).update(status=status)
    roster.refresh_from_db()
    return roster


def _later(roster: RosterImport):
    return roster.changed_at + jobs.GRACE + timedelta(seconds=1)


def test_an_import_that_stopped_in_the_middle_is_done_once(confirmed):
    roster = _as_if(confirmed, "running")
    assert jobs.take_up_lost(_later(roster)) == 1
    roster.refresh_from_db()
    assert roster.status == "done"
    assert Child.objects.filter(name="钱小多").count() == 1
    assert Entry.objects.filter(verb="roster.take_up", subject_id=roster.pk).count() == 1
    assert jobs.take_up_lost(_later(roster)) == 0


def test_a_small_roster_that_was_confirmed_as_the_server_stopped_is_imported(confirmed):
    """No job was promised for it: the page itself was at work."""
    assert jobs.take_up_lost(_later(confirmed)) == 1
    confirmed.refresh_from_db()
    assert confirmed.status == "done"


def test_a_file_that_nobody_read_to_the_end_is_read(cast):
    roster = _as_if(hand_in(cast.school, sheet(pupil("钱小多")), on=CAST_DAY), "uploaded")
    assert jobs.take_up_lost(_later(roster)) == 1
    roster.refresh_from_db()
    assert roster.status == "ready"


def test_what_a_living_process_works_on_is_left_to_it(confirmed):
    roster = _as_if(confirmed, "running")
    with keeping.at_work(roster.kept_as):
        assert jobs.take_up_lost(_later(roster)) == 0
    assert jobs.take_up_lost(roster.changed_at) == 0, "the step is only a moment old"


def test_what_a_job_promises_is_left_to_the_job(confirmed, settings):
    settings.TASKS = JOBS_WAIT
    jobs.import_job.enqueue(confirmed.pk)
    assert jobs.take_up_lost(_later(confirmed)) == 0
    DBTaskResult.objects.update(status="FAILED")
    assert jobs.take_up_lost(_later(confirmed)) == 1
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_a_job_that_comes_twice_imports_once(confirmed):
    for _each in range(2):
        jobs.import_job.call(confirmed.pk)
        jobs.read_job.call(confirmed.pk)
    assert Enrolment.objects.filter(child__name="钱小多").count() == 1


def test_a_job_begins_again_what_its_own_stopped_worker_left_running(confirmed):
    _as_if(confirmed, "running")
    jobs.import_job.call(confirmed.pk)
    confirmed.refresh_from_db()
    assert confirmed.status == "done"


def test_after_three_stops_the_import_has_failed_and_the_registrar_reads_it(
    confirmed, cast, client, settings
):
    settings.TASKS = JOBS_WAIT
    roster = _as_if(confirmed, "running")
    page = sign_in(client, cast.registrar)
    for stop in range(actions.STOPS_AT_MOST):
        DBTaskResult.objects.all().delete()
        roster = _as_if(roster, "running")
        actions.take_up(roster, by=SYSTEM)
        text = page.get(reverse("people:roster", args=[roster.pk])).content.decode()
        last = stop + 1 == actions.STOPS_AT_MOST
        assert ("服务刚才中断过" in text) != last
    assert roster.status == "failed" and "导入中断，未写入任何数据" in text
    assert not Child.objects.filter(name="钱小多").exists()
    actions.read_again(roster, by=cast.registrar.actor)
    assert keeping.stops(roster.kept_as) == 0


def test_what_is_done_is_not_taken_up(confirmed):
    actions.run(confirmed, by=SYSTEM)
    with pytest.raises(RosterRefused):
        actions.take_up(confirmed, by=SYSTEM)


def test_nothing_of_it_lies_about_afterwards(confirmed):
    actions.take_up(confirmed, by=SYSTEM)
    actions.run(confirmed, by=SYSTEM)
    folder = settings.MEDIA_ROOT / "rosters"
    assert not list(folder.glob(f"{confirmed.kept_as}*"))
