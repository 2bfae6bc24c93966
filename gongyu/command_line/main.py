"""The command `gongyu`: one line a command, each app adds its own."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

# Each module has add_commands(subparsers); a handler sets Django up itself if it needs it.
COMMANDS = [
    "gongyu.demo.command",
    "gongyu.command_line.serve",
    "gongyu.ground.places.command",
    "gongyu.plan.command",
    "gongyu.ground.access.command",
    "gongyu.ground.people.command",
    "gongyu.indicators.command",
    "gongyu.ground.ledger.command",
    "gongyu.simulation.command",
]


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gongyu",
        description="共育: schools, families and society raise children together.",
        epilog="Exit codes: 0 done, 1 refused with reasons, 2 wrong usage.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        import_module(name).add_commands(subparsers)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongyu.config.settings")
    args = build_parser().parse_args(argv)
    try:
        code = args.handler(args)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever reads along, such as `head`, has seen enough; nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        if not _is_about_the_machine(error):
            raise
        print(f"gongyu: {error}", file=sys.stderr)
        return 1


def _is_about_the_machine(error: Exception) -> bool:
    """A setting, a file or the database is at fault: its words help more than a traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, DataError, IntegrityError

    from gongyu.ground.secrets.keys import KeysUnreadable
    from gongyu.plan import PlanError

    # A file that is no database, a server that is not there: but a broken promise of our own is not
    # the machine's fault.
    known = (ImproperlyConfigured, DatabaseError, KeysUnreadable, PlanError, OSError)
    return isinstance(error, known) and not isinstance(error, (DataError, IntegrityError))
