"""The figures at the size of the city: `SIZE=city python tools/bench_city.py [PARTS …]`.

Parts: duties, visits, following, pages, postgres. Each runs in a process of its own, so that its
memory is its own, over columns that are written once. Checksums come before times. The last part
starts a PostgreSQL of its own, with its settings as they come.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

from full_size import report  # noqa: E402
from postgres import NotInstalled, postgres_running  # noqa: E402

SEED = 20240829
ON = date(2026, 7, 8)
PARTS = ("duties", "visits", "following", "pages", "postgres")
# As it comes: none of the settings by which tests are made fast.
AS_IT_COMES: dict[str, str] = {}


def main() -> int:
    """Runs the parts; 1 when a checksum differs, or a ratio at full size is over."""
    size, parts = os.environ.get("SIZE") or "city", sys.argv[1:] or list(PARTS)
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"No part is called {unknown[0]}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="gongyu-bench-") as folder:
        above = Path(folder)
        columns, found = above / "columns", above / "found.jsonl"
        print(f"Size {size}, seed {SEED}, as of {ON}; seconds are medians.", flush=True)
        run_part("columns", columns, found)
        for part in parts:
            own = above / part
            shutil.copytree(columns, own)
            if part == "postgres":
                _run_with_postgres(own, found)
            else:
                run_part(part, own, found)
            shutil.rmtree(own)
        return report.close(*report.read(found), is_judged=size in ("city", "1", "1.0"))


def run_part(part: str, folder: Path, found: Path, postgres: str = "") -> None:
    """One part in a process of its own; how it ended is kept whatever became of it."""
    env = {**os.environ, "GONGYU_DATA": str(folder), "GONGYU_BENCH_FOUND": str(found)}
    # The parts have databases of their own, whatever the address of the one here.
    env.pop("GONGYU_DATABASE_URL", None)
    if postgres:
        env["GONGYU_BENCH_POSTGRES"] = postgres
    print(f"== {part}", flush=True)
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, __file__, "--part", part], env=env) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    report.keep(
        found,
        report.Part(
            name=part,
            code=process.returncode,
            wall=time.perf_counter() - start,
            cpu=used.ru_utime + used.ru_stime,
            peak=used.ru_maxrss // 1024,
        ),
    )


def _run_with_postgres(folder: Path, found: Path) -> None:
    try:
        with postgres_running(AS_IT_COMES) as cluster:
            run_part("postgres", folder, found, cluster.url)
    except NotInstalled as missing:
        print(f"== postgres: {missing}", flush=True)
        report.keep(found, report.Part("postgres", 0, 0, 0, 0, skipped=str(missing)))


def measure_part(part: str) -> int:
    """Inside the process of a part."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongyu.config.settings"
    import django

    django.setup()
    from full_size import benches

    size, runs = os.environ.get("SIZE") or "city", int(os.environ.get("RUNS", "3"))
    return getattr(benches.Bench(size, SEED, ON, runs), part)()


if __name__ == "__main__":
    sys.exit(measure_part(sys.argv[2]) if sys.argv[1:2] == ["--part"] else main())
