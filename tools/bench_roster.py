"""How many children a second come in by a roster: `python tools/bench_roster.py [CHILDREN] [RUNS]`.

Each run has a fresh SQLite database; the sheet has 14 columns and two carers for each child.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def main() -> int:
    """Prints one line a run, then the best."""
    children = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rates = []
    with tempfile.TemporaryDirectory(prefix="gongyu-bench-") as folder:
        os.environ["GONGYU_DATA"] = folder
        os.environ.pop("GONGYU_DATABASE_URL", None)
        os.environ["DJANGO_SETTINGS_MODULE"] = "gongyu.config.settings"
        import django

        django.setup()
        from gongyu.ground.people.roster.bench import measure

        for _run in range(runs):
            measured = measure(_fresh_school(Path(folder)), children, year=2026)
            rates.append(measured.rate)
            print(measured, flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"best {max(rates):.0f} children/s, {peak:.0f} MB at most")
    return 0


def _fresh_school(folder: Path):
    from django.core.management import call_command
    from django.db import connections

    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.places import closure
    from gongyu.ground.places.actions import open_school
    from gongyu.ground.places.models import Place

    connections.close_all()
    for path in folder.glob("gongyu.sqlite3*"):
        path.unlink()
    call_command("migrate", verbosity=0)
    city = Place.objects.create(kind="city", code="500000", name="重庆市", from_on=date(2000, 1, 1))
    closure.rebuild([city.pk])
    return open_school(
        "5001031234", "某某小学", "primary", city.pk, date(2010, 9, 1), by=SYSTEM
    ).place


if __name__ == "__main__":
    sys.exit(main())
