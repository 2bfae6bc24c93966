"""A worker that is stopped leaves its jobs; the next one finds them and nobody else's."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from gongyu.command_line import workers

pytestmark = pytest.mark.django_db

HOLD = """
import sys
from django.conf import settings
settings.configure(DATA=sys.argv[1], INSTALLED_APPS=["django_tasks", "django_tasks_db"])
import django
django.setup()
from gongyu.command_line.workers import alive
with alive() as name:
    print(name, flush=True)
    sys.stdin.read()
"""


def _job(*worker_ids: str) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status="RUNNING",
        args_kwargs={"args": [], "kwargs": {}},
        task_path="gongyu.ground.people.roster.jobs.read_job",
        worker_ids=list(worker_ids),
        backend_name="default",
        run_after=timezone.now(),
        started_at=timezone.now(),
    )


def test_a_worker_is_alive_until_its_process_is_killed():
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.DATA)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
    )  # fmt: skip
    try:
        name = holder.stdout.readline().strip()
        job = _job(name)
        assert workers.is_alive(name)
        assert workers.give_back_jobs() == 0
    finally:
        holder.kill()
        holder.communicate()
    assert not workers.is_alive(name)
    assert workers.give_back_jobs() == 1
    job.refresh_from_db()
    assert job.status == "READY" and job.worker_ids == [name]


def test_a_worker_that_ends_is_not_alive_and_leaves_no_file():
    with workers.alive() as name:
        assert workers.is_alive(name)
    assert not workers.is_alive(name)
    assert not (settings.DATA / "workers" / f"{name}.lock").exists()


def test_a_job_that_stopped_its_workers_three_times_has_failed():
    job = _job(*["0" * 32] * workers.ATTEMPTS)
    assert workers.give_back_jobs() == 1
    job.refresh_from_db()
    assert job.status == "FAILED" and job.exception_class_path.endswith("WorkerStopped")


def test_a_name_that_is_a_path_reaches_no_other_file():
    assert workers._path("../../keys").parent == settings.DATA / "workers"
