"""Which workers are alive, and what becomes of the jobs of one that was stopped."""

from __future__ import annotations

import fcntl
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django_tasks_db.models import DBTaskResult

# A job that stopped its worker three times (by its hunger for memory, say) is not tried again.
ATTEMPTS = 3


class WorkerStopped(RuntimeError):
    """The worker was stopped while it did this job, each time that it was tried."""


@contextmanager
def alive() -> Iterator[str]:
    """A name for this worker, which counts as alive until its process ends, however that ends."""
    name = secrets.token_hex(16)
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(path, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield name
        finally:
            path.unlink(missing_ok=True)


def is_alive(name: str) -> bool:
    """Does the worker's process still run?"""
    try:
        with open(_path(name)) as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    # The process is gone and left its file behind.
    _path(name).unlink(missing_ok=True)
    return False


def give_back_jobs() -> int:
    """Jobs whose worker is gone wait again; one that was tried ATTEMPTS times has failed. Jobs do
    what their record still lacks, so that one may begin twice. Returns how many changed."""
    changed = 0
    for job in DBTaskResult.objects.running():
        if job.worker_ids and is_alive(job.worker_ids[-1]):
            continue
        if len(job.worker_ids) >= ATTEMPTS:
            job.set_failed(WorkerStopped())
            changed += 1
            continue
        # Of two workers that look at once, one gives it back.
        same = DBTaskResult.objects.running().filter(pk=job.pk, started_at=job.started_at)
        changed += same.update(status="READY", started_at=None)
    return changed


def _path(name: str) -> Path:
    return Path(settings.DATA) / "workers" / f"{Path(name).name}.lock"
