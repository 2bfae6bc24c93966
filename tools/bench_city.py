"""The figures at the size of the city: `SIZE=city python tools/bench_city.py [PARTS …]`.

Parts: duties, visits, following, pages, postgres (all but the last by default; with a PostgreSQL at
GONGYU_DATABASE_URL that one runs too, see tools/postgres.py). Checksums come before times.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parent)]

SEED = 20240829
ON = date(2026, 7, 8)
PARTS = ("duties", "visits", "following", "pages")


def main() -> int:
    """Runs the parts; 1 when a checksum differs."""
    size, parts = os.environ.get("SIZE") or "city", sys.argv[1:] or list(PARTS)
    runs = int(os.environ.get("RUNS", "3"))
    with tempfile.TemporaryDirectory(prefix="gongyu-bench-") as folder:
        os.environ["GONGYU_DATA"] = folder
        if "postgres" not in parts:
            os.environ.pop("GONGYU_DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "gongyu.config.settings"
        import django

        django.setup()
        from full_size import benches

        print(f"Size {size}, seed {SEED}, as of {ON}, {runs} runs by turns; seconds are medians.")
        bench = benches.Bench(size, SEED, ON, runs)
        return max(getattr(bench, part)() for part in parts)


if __name__ == "__main__":
    sys.exit(main())
