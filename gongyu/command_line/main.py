"""The command `gongyu`: one line a command, each app adds its own."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from importlib import import_module
from pathlib import Path

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
        print(f"gongyu: {_data_folder_words(error) or error}", file=sys.stderr)
        return 1


# What a database file says where its folder cannot be written.
_UNWRITABLE = ("unable to open database file", "readonly database")
_REASONS = {
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.EROFS: "the disk is mounted for reading only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.ENOTDIR: "part of the path is a file, not a folder",
    errno.EEXIST: "it is a file, not a folder",
    errno.ENOENT: "no folder can be made there",
}


def _data_folder_words(error: Exception) -> str:
    """What is wrong with the folder of the data, where, and how to mend it; empty where something
    else is at fault."""
    folder = Path(os.environ.get("GONGYU_DATA") or Path.cwd() / "data").resolve()
    if isinstance(error, OSError):
        touched = Path(str(error.filename or "")).resolve()
        reason = _REASONS.get(error.errno or 0, "")
        inside = touched == folder or folder in touched.parents or touched in folder.parents
        if not (reason and error.filename and inside):
            return ""
        if folder.is_dir() and error.errno in (errno.ENOTDIR, errno.EEXIST, errno.ENOENT):
            return ""  # The folder is there; some file in it is what the error is about.
    elif any(words in str(error) for words in _UNWRITABLE):
        touched, reason = folder, "the database file there cannot be written"
    else:
        return ""
    return (
        f"The data folder {folder} cannot be used: {reason} ({touched}). Make it a folder that this "
        "user owns, or name another one: GONGYU_DATA=/path/to/folder gongyu …"
    )


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
