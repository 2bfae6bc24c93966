"""`gongyu prepare`, `gongyu serve` and `gongyu work`: the database, the pages, the jobs."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date

WORK_EVERY_SECONDS = 2.0
SEAL_EVERY_SECONDS = float(os.environ.get("GONGYU_SEAL_SECONDS") or 300)
AGAIN_AFTER_SECONDS = 2.0


def add_commands(subparsers) -> None:
    prepare = subparsers.add_parser("prepare", help="make or bring up to date the database")
    prepare.set_defaults(handler=prepare_command)

    serve = subparsers.add_parser("serve", help="serve the pages, with a worker beside them")
    serve.add_argument("--host", default=os.environ.get("GONGYU_HOST", "127.0.0.1"))
    # A default that is text is checked like what was typed, and only when `serve` is asked for.
    serve.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000")
    serve.add_argument("--workers", type=int, default=1, help="processes (default 1)")
    serve.add_argument("--threads", type=int, default=4, help="requests at once (default 4)")
    serve.add_argument("--no-worker", action="store_true", help="jobs run elsewhere (gongyu work)")
    serve.set_defaults(handler=serve_command)

    work = subparsers.add_parser("work", help="do the jobs that wait: imports, figures, seals")
    work.add_argument("--once", action="store_true", help="do what waits now, then end")
    work.set_defaults(handler=work_command)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) < 65536):
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no port; name one from 1 to 65535")
    return int(text)


def prepare_command(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.DATA.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    return 0


def serve_command(args: argparse.Namespace) -> int:
    """Serves until it is told to stop; 1 when the database is not ready."""
    import django

    django.setup()
    if missing := _missing_migrations():
        print(
            f"The database lacks {missing} migrations. Run `gongyu prepare` first.", file=sys.stderr
        )
        return 1
    if not _is_free(args.host, args.port):
        print(f"Port {args.port} is in use. Name another one: PORT=8001.", file=sys.stderr)
        return 1
    from granian import Granian
    from granian.constants import Interfaces

    print(f"共育  http://{args.host}:{args.port}/  (Ctrl+C 结束)", flush=True)
    with _worker(wanted=not args.no_worker):
        Granian(
            "gongyu.config.wsgi:application",
            address=args.host,
            port=args.port,
            interface=Interfaces.WSGI,
            workers=args.workers,
            blocking_threads=args.threads,
            log_access=False,
            log_level="warning",
            # A process that is killed is replaced; what it was doing was one transaction.
            respawn_failed_workers=True,
            respawn_interval=AGAIN_AFTER_SECONDS,
        ).serve()
    return 0


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As servers do it, so that a port that was left a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _missing_migrations() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _worker(*, wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    over, running = threading.Event(), []

    def keep_one_running() -> None:
        while not over.is_set():
            running[:] = [subprocess.Popen([sys.executable, "-m", "gongyu", "work"])]
            running[0].wait()
            over.wait(AGAIN_AFTER_SECONDS)

    keeper = threading.Thread(target=keep_one_running, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        for worker in running:
            worker.terminate()
            with suppress(subprocess.TimeoutExpired):
                worker.wait(timeout=10)


def work_command(args: argparse.Namespace) -> int:
    """Runs waiting jobs and keeps the figures current, for ever or once."""
    import django

    django.setup()
    from django.core.management import call_command

    from gongyu.ground.calendar.clock import today
    from gongyu.indicators.jobs import refresh_if_behind

    from .workers import alive

    # When the server that started it is gone, the worker ends too.
    parent, sealed_at, tidied_on = os.getppid(), time.monotonic(), None
    quiet = {"batch": True, "startup_delay": False, "interval": 0, "verbosity": 0}
    with alive() as name:
        while True:
            take_up_what_was_stopped()
            call_command("db_worker", worker_id=name, **quiet)
            refresh_if_behind()
            send_notices()
            if tidied_on != (day := today()):
                tidy(day)
                tidied_on = day
            if args.once or time.monotonic() - sealed_at > SEAL_EVERY_SECONDS:
                seal_everything()
                sealed_at = time.monotonic()
            if args.once or os.getppid() != parent:
                return 0
            time.sleep(WORK_EVERY_SECONDS)


def take_up_what_was_stopped() -> None:
    """Work that a stopped process left behind begins again, or has failed for all to see. (The
    figures need no such care: they count when they are whole, and are made while they lack.)"""
    from gongyu.ground.calendar.clock import now
    from gongyu.ground.people.roster.jobs import take_up_lost

    from .workers import give_back_jobs

    give_back_jobs()
    take_up_lost(now())


def send_notices() -> None:
    """Whatever notices are due now; a worker that is killed here leaves nothing sent twice."""
    from gongyu.ground.notices.jobs import run

    run()


def tidy(day: date) -> None:
    """What nobody answered in time expires, and what may not be kept longer is deleted."""
    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.calendar.clock import now
    from gongyu.ground.families import actions as families
    from gongyu.ground.notices import jobs as notices
    from gongyu.ground.people.roster import actions as rosters
    from gongyu.records.m01_home_school_contact import actions as visits
    from gongyu.shared_work.tickets import actions as tickets

    tickets.close_due(at=now(), by=SYSTEM)
    visits.expire_proposals(on=day, by=SYSTEM)
    rosters.tidy(now(), by=SYSTEM)
    notices.tidy(now())
    families.forget_codes(now(), by=SYSTEM)


def seal_everything() -> None:
    """Seals what ledger and audit have gained since the last seal, and publishes the heads."""
    from django.conf import settings

    from gongyu.ground.audit.models import Entry, ProtectedEntry
    from gongyu.ground.ledger.models import Fact
    from gongyu.ground.seal.sealing import seal_with_protected

    seal_with_protected([Entry, Fact], [ProtectedEntry], settings.HEADS_FOLDER)
