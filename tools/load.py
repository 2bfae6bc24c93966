"""`make load`: a working day's mix of requests against a real server on PostgreSQL, on loopback.

RATE requests a second for DURATION seconds; load generator, server and database share this
machine. Exit codes: 0 the rate was carried without an error, 1 it was not.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import load_machine  # noqa: E402
from crash_server import Serving  # noqa: E402
from postgres import postgres_running  # noqa: E402

# As a city's server would be set on a small machine; durability is on, as in earnest.
POSTGRES = {
    "fsync": "on", "synchronous_commit": "on", "shared_buffers": "1GB", "work_mem": "16MB",
    "effective_cache_size": "4GB", "random_page_cost": "1.1", "jit": "off",
    "max_wal_size": "2GB", "checkpoint_completion_target": "0.9", "max_connections": "100",
}  # fmt: skip
REACHED = 0.98


def main(argv: list[str] | None = None) -> int:
    """Builds the demo city, loads it, prints the table."""
    env = os.environ
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=float, default=float(env.get("RATE") or 200))
    parser.add_argument("--duration", type=int, default=int(env.get("DURATION") or 600))
    parser.add_argument("--users", type=int, default=int(env.get("USERS") or 64))
    parser.add_argument("--workers", type=int, default=int(env.get("WORKERS") or 2))
    parser.add_argument("--threads", type=int, default=int(env.get("THREADS") or 4))
    parser.add_argument("--locust", default=str(HERE.parent / ".venv-load" / "bin" / "locust"))
    parser.add_argument("--data", type=Path, help="a demo city from before (with --database)")
    parser.add_argument("--database", help="its PostgreSQL; a throw-away one is made without it")
    parser.add_argument("--postmaster", type=int, help="the process id of that PostgreSQL")
    args = parser.parse_args(argv)
    if args.database:
        return _load(args, args.database, args.data, args.postmaster)
    folder = Path(tempfile.mkdtemp(prefix="gongyu-load-"))
    try:
        with postgres_running(POSTGRES) as cluster:
            _fill(cluster.url, folder)
            return _load(args, cluster.url, folder, cluster.pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(url: str, data: Path) -> None:
    print("The demo city is filled …", flush=True)
    subprocess.run(
        [sys.executable, "-m", "gongyu", "demo", "--if-empty"],
        env={**os.environ, "GONGYU_DATABASE_URL": url, "GONGYU_DATA": str(data)},
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _load(args: argparse.Namespace, url: str, data: Path, postmaster: int | None) -> int:
    os.environ.update(
        GONGYU_DATABASE_URL=url, GONGYU_DATA=str(data), DJANGO_SETTINGS_MODULE="gongyu.config.settings"
    )  # fmt: skip
    os.environ.pop("GONGYU_DEMO", None)
    import django

    django.setup()
    import load_world

    world = data / "load-world.json"
    asked = args.rate * args.duration
    # So many links are answered, once each, as the mix has it; and as many again are only opened.
    counts = load_world.write(
        world, links=round(asked * 0.02) + 100, notices=round(asked * 0.12) + 300
    )
    print("prepared:", ", ".join(f"{n} {name}" for name, n in counts.items()), flush=True)
    _analyze()
    serving = Serving(data / "server.log", args.threads, args.workers)
    serving.start()
    try:
        serving.wait_until_well()
        # Every process compiles its templates and queries once before anybody measures.
        _warm_up(args, serving, world, data / "warm", seconds=min(15, args.duration))
        groups = {serving.leader.pid}
        first = load_machine.sample(groups, postmaster)
        started = time.monotonic()
        runner = _start_locust(args, serving, world, data / "load", seconds=args.duration)
        last = first
        while runner.poll() is None:
            time.sleep(0.5)
            if time.monotonic() - started < args.duration:
                last = load_machine.sample(groups | {runner.pid}, postmaster)
    finally:
        serving.leader.send_signal(signal.SIGINT)
        time.sleep(1)
        serving.kill_all()
    return _report(args, data / "load", first, last, data / "server.log")


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()


def _warm_up(args, serving: Serving, world: Path, target: Path, seconds: int) -> None:
    _start_locust(args, serving, world, target, seconds, warm=True).wait()


def _start_locust(
    args, serving: Serving, world: Path, target: Path, seconds: int, *, warm: bool = False
) -> subprocess.Popen:
    each = args.rate / args.users
    return subprocess.Popen(
        [
            args.locust, "-f", str(HERE / "load_mix.py"), "--headless", "--only-summary",
            "--host", f"http://127.0.0.1:{serving.port}", "-u", str(args.users),
            "-r", str(args.users), "-t", f"{seconds}s", "--stop-timeout", "10",
            "--csv", str(target), "--loglevel", "ERROR",
        ],
        env={
            **os.environ, "LOAD_WORLD": str(world), "LOAD_EACH": str(each),
            "LOAD_WARM": "1" if warm else "",
        },
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _report(args, target: Path, first, last, log: Path) -> int:
    with open(f"{target}_stats.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(f"{target}_failures.csv", newline="") as file:
        failures = list(csv.DictReader(file))
    total = rows.pop()
    requests, failed = int(total["Request Count"]), int(total["Failure Count"])
    rate = float(total["Requests/s"])
    print(f"\n== {requests} requests in {args.duration} s, {args.rate:g} a second asked for")
    print(f"{'page':<26}{'requests':>9}{'errors':>8}{'p50 ms':>8}{'p95':>7}{'p99':>7}{'max':>7}")
    for row in [*sorted(rows, key=lambda row: row["Name"]), {**total, "Name": "all"}]:
        print(
            f"{row['Name']:<26}{row['Request Count']:>9}{row['Failure Count']:>8}"
            f"{row['50%']:>8}{row['95%']:>7}{row['99%']:>7}{row['100%']:>7}"
        )
    print(f"\ncarried: {rate:.1f} requests a second with {failed} errors "
          f"({args.workers} processes of {args.threads} threads)")  # fmt: skip
    print(*load_machine.words(first, last, requests), sep="\n")
    for failure in failures:
        print(f"  error: {failure['Occurrences']} × {failure['Name']}: {failure['Error']}")
    if failed and log.exists():
        print(log.read_text("utf-8", "replace")[-3000:], file=sys.stderr)
    carried = not failed and requests > 0 and rate >= REACHED * args.rate
    print("held" if carried else "NOT held: errors, or fewer requests than asked for")
    return 0 if carried else 1


if __name__ == "__main__":
    sys.exit(main())
