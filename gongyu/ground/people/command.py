"""`gongyu roster import` brings a sheet in; `gongyu roster tidy` deletes what is over its days."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

REFUSED, WRONG_USAGE = 1, 2


def add_commands(subparsers: Any) -> None:
    """Adds `roster` with its commands; each handler prints and returns the exit code."""
    roster = subparsers.add_parser("roster", help="import a school's roster as the school has it")
    commands = roster.add_subparsers(dest="roster_command", metavar="COMMAND", required=True)
    bring = commands.add_parser(
        "import",
        help="read, check, compare and import one file, whole or not at all",
        epilog="Exit codes: 0 done or nothing to do, 1 refused with reasons, 2 wrong usage.",
    )
    bring.add_argument("file", type=Path, metavar="FILE", help=".xlsx, .xls or .csv")
    bring.add_argument("--school", required=True, metavar="CODE", help="the school's code")
    bring.add_argument(
        "--on", type=date.fromisoformat, metavar="DATE", help="the day it speaks of (today)"
    )
    bring.add_argument(
        "--covers",
        choices=("part", "classes", "school"),
        default="part",
        help="what the file is complete for (default: nothing)",
    )
    bring.add_argument(
        "--leavers", action="store_true", help="whoever is missing from a complete file has left"
    )
    bring.add_argument(
        "--doubts",
        choices=("ask", "same", "new"),
        default="ask",
        help="rows that may be a known child: refuse and list (ask), the same, a new child",
    )
    bring.add_argument("--kind", choices=("pupils", "staff"), default="", help="(by the headings)")
    bring.add_argument(
        "--dry-run", action="store_true", help="show what would happen, write nothing"
    )
    bring.add_argument(
        "--marked", type=Path, metavar="OUT", help="the sheet with its faults marked"
    )
    bring.add_argument("--json", action="store_true", help="one JSON object on standard output")
    bring.set_defaults(handler=import_command)
    tidy = commands.add_parser("tidy", help="delete kept files whose days are over")
    tidy.set_defaults(handler=tidy_command)


def import_command(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from gongyu.ground.calendar.clock import today
    from gongyu.ground.places.queries import place_on

    on = args.on or today()
    if on > today():
        return _usage(args, f"{on} lies in the future.")
    school = place_on("school", args.school, on)
    if school is None:
        return _usage(args, f"No school has the code {args.school} on {on}.")
    try:
        data = args.file.read_bytes()
    except OSError as error:
        return _usage(args, f"{args.file} cannot be read: {error.strerror}.")
    if args.marked and (why := _cannot_be_written(args.marked)):
        return _usage(args, f"--marked {args.marked}: {why}")
    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.people.roster.at_once import Options, import_at_once

    options = Options(on, args.kind, args.covers, args.leavers, args.doubts, args.dry_run)
    outcome = import_at_once(
        school, data, options, by=SYSTEM, file_name=args.file.name, progress=_Line()
    )
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    print(json.dumps(outcome.as_dict(), ensure_ascii=False) if args.json else outcome.words())
    if args.marked and outcome.faults and not _write_marked(args.marked, data, outcome.faults):
        return REFUSED
    return 0 if outcome.done else REFUSED


def _cannot_be_written(path: Path) -> str:
    """Why the marked sheet cannot go there; asked before anything is imported."""
    folder = path.absolute().parent
    if path.is_dir():
        return "that is a folder; name a file, such as faults.xlsx."
    if not folder.is_dir():
        return f"there is no folder {folder}; make it first, or name another place."
    if not os.access(path if path.exists() else folder, os.W_OK):
        return "that place cannot be written to; name another."
    return ""


def _write_marked(path: Path, data: bytes, faults: list) -> bool:
    from gongyu.ground.people.roster.marking import marked

    content = marked(data, faults)
    try:
        # Whole or not at all: a sheet cut short would not open.
        with TemporaryDirectory(dir=path.absolute().parent, prefix=".marked-") as beside:
            whole = Path(beside) / "whole.xlsx"
            whole.write_bytes(content)
            whole.replace(path)
    except OSError as error:
        print(f"The marked sheet could not be written: {error.strerror}.", file=sys.stderr)
        return False
    return True


def tidy_command(args: argparse.Namespace) -> int:
    import django

    django.setup()
    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.calendar.clock import now
    from gongyu.ground.people.roster.actions import tidy

    print(f"{tidy(now(), by=SYSTEM)} imports tidied.")
    return 0


def _usage(args: argparse.Namespace, message: str) -> int:
    if args.json:
        print(json.dumps({"status": "usage", "message": message}, ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
    return WRONG_USAGE


class _Line:
    """The progress on standard error: one line on a terminal, one line a phase elsewhere."""

    def __init__(self) -> None:
        self.phase = ""

    def __call__(self, phase: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            print(f"\r\033[K{phase} {done}/{total}", end="", file=sys.stderr, flush=True)
        elif phase != self.phase:
            print(f"{phase} ({total})", file=sys.stderr)
        self.phase = phase
