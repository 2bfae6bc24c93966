"""The command `gongyu`: one line a command, each app adds its own."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

# Each module has add_commands(subparsers); Django is set up before it is imported, except for
# the plan's, which needs none.
COMMANDS = [
    "gongyu.plan.command",
]


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gongyu", description="共育：学校、家庭、社会协同育人")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        import_module(name).add_commands(subparsers)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Runs one command; the exit code is 0 done, 1 refused with reasons, 2 wrong usage."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongyu.config.settings")
    args = build_parser().parse_args(argv)
    try:
        return args.handler(args)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
