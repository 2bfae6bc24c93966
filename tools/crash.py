"""`make crash`: kills server and worker at random points under writes, and looks what is left.

On SQLite, or on the PostgreSQL that GONGYU_DATABASE_URL names (a database of its own is made there
and dropped). `kill -9` ends processes, it does not cut the power: what the system holds in memory
survives, so that fsync may be off. Exit codes: 0 all held, 1 something did not.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

# The last writers end with the server they write to.
WRITERS_END_WITHIN = 90.0
THOROUGH_EVERY = 20
SETTLES_WITHIN = 120.0


def main(argv: list[str] | None = None) -> int:
    """Runs the trials and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=int(os.environ.get("TRIALS") or 200))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or time.time()))
    parser.add_argument("--minutes", type=float, default=60.0, help="no trial begins after them")
    parser.add_argument("--longest", type=float, default=4.0, help="seconds until the kill at most")
    args = parser.parse_args(argv)
    with _own_place() as folder:
        return _run(args, folder)


@contextmanager
def _own_place() -> Iterator[Path]:
    """A data folder and a database of the trials' own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gongyu-crash-"))
    given = os.environ.get("GONGYU_DATABASE_URL") or ""
    name = f"gongyu_crash_{os.getpid()}"
    os.environ.update(
        GONGYU_DATA=str(folder), GONGYU_SEAL_SECONDS="1", DJANGO_SETTINGS_MODULE="gongyu.config.settings"
    )  # fmt: skip
    for variable in ("GONGYU_DEMO", "GONGYU_TESTING", "GONGYU_HEADS", "GONGYU_KEYS"):
        os.environ.pop(variable, None)
    try:
        if given.startswith("postgres"):
            _on_the_cluster(given, f'CREATE DATABASE "{name}"')
            os.environ["GONGYU_DATABASE_URL"] = urlunsplit(
                urlsplit(given)._replace(path=f"/{name}")
            )
        else:
            os.environ.pop("GONGYU_DATABASE_URL", None)
        yield folder
    finally:
        if given.startswith("postgres"):
            _on_the_cluster(given, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(folder, ignore_errors=True)


def _on_the_cluster(address: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as link:
        link.execute(statement)


def _run(args: argparse.Namespace, folder: Path) -> int:
    import django

    django.setup()
    from django.db import connection

    from gongyu.command_line.serve import prepare_command

    prepare_command(args)
    import crash_world

    from gongyu.ground.calendar.clock import today

    start = time.monotonic()
    world = crash_world.build(today())
    print(f"{connection.vendor}, seed {args.seed}: the school is built", flush=True)
    trials = Trials(world, folder, random.Random(args.seed), args.longest)
    try:
        while trials.done < args.trials and time.monotonic() - start < args.minutes * 60:
            faults = trials.one()
            if trials.done % 10 == 0:
                print(f"{trials.done} of {args.trials}", flush=True)
            if faults:
                print(f"Trial {trials.done} FAILED", *faults, sep="\n  ", flush=True)
                break
        else:
            trials.last()
    finally:
        trials.serving.kill_all()
    print(trials.table(connection.vendor, time.monotonic() - start))
    if trials.faults:
        print((folder / "server.log").read_text("utf-8", "replace")[-4000:], file=sys.stderr)
    return 1 if trials.faults or trials.done < args.trials else 0


class Trials:
    """One world, killed again and again."""

    def __init__(self, world, folder: Path, draw: random.Random, longest: float) -> None:
        import crash_writers as writers
        from crash_server import Serving
        from django.db.models import Max

        from gongyu.ground.audit.models import Entry

        self.world, self.draw, self.longest = world, draw, longest
        self.notes, self.plans = writers.Notebook(), writers.Plans(world)
        self.serving = Serving(folder / "server.log")
        self.since = Entry.objects.aggregate(last=Max("seq"))["last"] or 0
        self.done, self.faults, self.killed = 0, [], Counter()
        self.again, self.starting, self.figures = 0, 0, 0
        random.seed(draw.random())

    def one(self) -> list[str]:
        """Start, send again what was lost, write, kill, look. Answers with what did not hold."""
        from crash_server import ALL, PAGES, WORKER

        whom = self.draw.choices([ALL, WORKER, PAGES], weights=[70, 15, 15])[0]
        if self.draw.random() < 0.05:
            # A server may be killed before it ever answers.
            self.serving.start()
            time.sleep(self.draw.uniform(0, 2))
            self.serving.kill_all()
            self.starting += 1
        self.serving.start()
        self.serving.wait_until_well()
        self._send_again()
        stop, threads = self._begin()
        time.sleep(self.draw.uniform(0.02, self.longest))
        self.killed[self.serving.kill(whom, self.draw)] += 1
        if whom != ALL:
            # Those that live work on beside the dead; then all of them go.
            time.sleep(self.draw.uniform(0.02, self.longest))
        stop.set()
        self.serving.kill_all()
        for thread in threads:
            thread.join(WRITERS_END_WITHIN)
        self.done += 1
        self.faults = self._look()
        if not self.faults and self.done % THOROUGH_EVERY == 0:
            self.last()
        return self.faults

    def last(self) -> None:
        """Left alone, everything settles: no import waits, the figures are those of the ledger."""
        self.serving.start()
        self.serving.wait_until_well()
        self._send_again()
        self.faults = self._settle()
        self.serving.kill_all()
        self.faults += self._look() + self._figures_are_right() + self._verified_by_command()

    def _begin(self) -> tuple[threading.Event, list[threading.Thread]]:
        import crash_writers as writers

        stop = threading.Event()
        return stop, writers.begin(self.world, self.plans, self.notes, self.serving.port, stop)

    def _send_again(self) -> None:
        """What was lost, unchanged; and the last visit that was acknowledged, as by a second tap."""
        import crash_writers as writers

        visits = [form for form in self.notes.acknowledged if form.kind == "visit"]
        lost = [form for form in self.notes.lost if not form.about.get("again")]
        for form in [*lost, *visits[-1:]]:
            form.about["again"] = True
            answer = writers.Browser(self.serving.port, form.session).post(form)
            self.again += 1
            if answer.status >= 500:
                self.notes.errors.append(f"{form.kind} again: {answer.status}")
            elif form.kind == "visit" and not writers.led_on(answer):
                self.notes.errors.append("A visit that was sent again was not taken.")

    def _look(self) -> list[str]:
        import crash_checks as checks
        from django.db import connection

        faults = [
            *self.notes.errors,
            *checks.half_records(self.since),
            *checks.acknowledged_are_there(self.notes),
            *checks.sent_again_are_once(self._sent_again()),
            *checks.imports_are_whole(),
            *checks.seals_hold(),
        ]
        if connection.vendor == "sqlite":
            faults += checks.sequences_have_no_gaps()
        connection.close()
        return faults

    def _sent_again(self):
        import crash_writers as writers

        again = [form for form in self.notes.lost if form.about.get("again")]
        return writers.Notebook(lost=again)

    def _settle(self) -> list[str]:
        import crash_checks as checks

        from gongyu.ground.calendar.clock import today
        from gongyu.indicators.jobs import is_behind

        end = time.monotonic() + SETTLES_WITHIN
        while time.monotonic() < end:
            if not checks.stuck_imports() and not is_behind(today()):
                return []
            time.sleep(0.5)
        stuck = [(roster.pk, roster.status) for roster in checks.stuck_imports()]
        return [f"Nothing settles: imports {stuck}, figures behind {is_behind(today())}."]

    def _figures_are_right(self) -> list[str]:
        """The worker's figures are those that a refresh in peace finds."""
        import crash_checks as checks

        self.figures += 1
        return checks.figures_are_those_of_the_ledger()

    def _verified_by_command(self) -> list[str]:
        command = [sys.executable, "-m", "gongyu", "ledger", "verify"]
        done = subprocess.run(command, capture_output=True, text=True)
        return [] if done.returncode == 0 else [f"ledger verify: {done.stdout[-500:]}"]

    def table(self, vendor: str, seconds: float) -> str:
        """What was done and what was found, for the closing note."""
        notes = self.notes
        kinds = Counter(form.kind for form in notes.acknowledged)
        lost = Counter(form.kind for form in notes.lost)
        names = sorted(kinds | lost | notes.refused)
        rows = [f"{n:<14}{kinds[n]:>14}{lost[n]:>26}{notes.refused[n]:>10}" for n in names]
        killed = ", ".join(f"{what} {count}" for what, count in self.killed.most_common())
        return "\n".join(
            [
                "",
                f"== kill -9 on {vendor}: {self.done} points in {seconds:.0f} s",
                f"killed: {killed}; while starting {self.starting}",
                f"{'':<14}{'acknowledged':>14}{'answer lost, sent again':>26}{'refused':>10}",
                *rows,
                f"{'sum':<14}{kinds.total():>14}{lost.total():>26}{notes.refused.total():>10}",
                f"forms sent a second time: {self.again}; figures compared: {self.figures} times",
                "acknowledged records lost, half records, audit gaps, broken seals: "
                + ("none" if not self.faults else f"{len(self.faults)} FAULTS"),
                *[f"  - {fault}" for fault in self.faults],
            ]
        )


if __name__ == "__main__":
    sys.exit(main())
