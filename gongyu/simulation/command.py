"""`gongyu simulate`: a whole city from a seed, as columnar files or into an empty database."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from .sizes import NAMED, NotASize, Size, size_of

SEED = 20240829


def add_commands(subparsers: Any) -> None:
    """Adds `simulate`; exit codes are 0 done, 1 refused, 2 wrong usage."""
    parser = subparsers.add_parser(
        "simulate",
        help="make a whole city from a seed, for measuring",
        description="Makes places, people and a school year of facts; the people are nobody. "
        "Without --into-database it writes columnar files, as the figures read them.",
    )
    parser.add_argument(
        "--size",
        type=_size,
        default=size_of("city"),
        metavar="SIZE",
        help=f"{', '.join(NAMED)}, or a fraction of the city such as 0.05 (default: city)",
    )
    parser.add_argument("--seed", type=int, default=SEED, help="the same seed makes the same city")
    parser.add_argument(
        "--on",
        type=_day,
        metavar="DAY",
        help="the last day on which anything has happened (default: the last 8 July)",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--folder",
        type=Path,
        help="where the files go (default: DATA/simulated; never the figures')",
    )
    where.add_argument(
        "--into-database", action="store_true", help="fill the application's empty database"
    )
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.set_defaults(handler=simulate)


def _size(text: str) -> Size:
    try:
        return size_of(text)
    except NotASize as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from error


def simulate(args: argparse.Namespace) -> int:
    """Make the city and say what it holds."""
    import django

    django.setup()
    from django.conf import settings

    from gongyu.ground.calendar.clock import today

    from . import database, parquet
    from .city import build

    on = args.on or end_of_the_last_school_year(today())
    started = time.monotonic()

    def say(step: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {step}", file=sys.stderr, flush=True)

    folder = args.folder or settings.DATA / "simulated"
    if args.into_database:
        try:
            database.check_is_empty()
        except database.NotEmpty as error:
            print(error, file=sys.stderr)
            return 1
    city = build(args.size, args.seed, on, say)
    if args.into_database:
        say("into the database")
        counts = database.fill(city, say)
    else:
        say(f"files in {folder}")
        counts = parquet.write(city, folder)
    seconds = round(time.monotonic() - started, 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if args.json:
        told = {"seed": args.seed, "on": on.isoformat(), "seconds": seconds, "peak_mb": peak}
        print(json.dumps({**told, "rows": counts}))
    else:
        for name, rows in counts.items():
            print(f"{name:<16}{rows:>12,}")
        print(f"{seconds} s, {peak} MB at most; as of {on}, seed {args.seed}")
    return 0


def end_of_the_last_school_year(day: date) -> date:
    """The 8th of July that was last: teaching is over, and the year still runs."""
    this_year = date(day.year, 7, 8)
    return this_year if this_year <= day else date(day.year - 1, 7, 8)
