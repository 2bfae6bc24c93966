"""`gongyu places load`: brings units and departments in line with the files of this version."""

from __future__ import annotations

import argparse
import json
import sys


def add_commands(subparsers) -> None:
    """Adds `gongyu places load`."""
    parser = subparsers.add_parser("places", help="the units of the city and its departments")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    load = verbs.add_parser(
        "load",
        help="load units and departments",
        description="Adds and mends units and departments from the files that come with the "
        "program. What was changed here is left alone; loading again changes nothing.",
    )
    load.add_argument("--json", action="store_true", help="print the counts as JSON")
    load.set_defaults(handler=_load)


def _load(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from gongyu.ground.audit.actors import SYSTEM

    from . import actions
    from .loading import UnitsDisagree

    try:
        told = {
            "units": actions.load_units(by=SYSTEM),
            "departments": actions.load_departments(by=SYSTEM),
        }
    except UnitsDisagree as refused:
        print(f"Nothing was loaded. {refused}", file=sys.stderr)
        return 1
    counts = {what: loaded.counts() for what, loaded in told.items()}
    if args.json:
        print(json.dumps(counts))
        return 0
    for what, numbers in counts.items():
        words = ", ".join(f"{number} {name}" for name, number in numbers.items())
        print(f"{what}: {words}")
    return 0
