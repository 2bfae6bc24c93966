"""`gongyu ledger seal | verify | export`: tamper evidence for the ledger and the audit."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from gongyu.ground.seal import verify
from gongyu.ground.seal.copies import CopyUnreadable, open_copy
from gongyu.ground.seal.exporting import NothingToExport, export
from gongyu.ground.seal.heads import KEY_NAME


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Adds `ledger` with its three commands."""
    ledger = subparsers.add_parser("ledger", help="seal, verify and export ledger and audit")
    commands = ledger.add_subparsers(dest="ledger_command", metavar="COMMAND", required=True)
    heads = _heads_folder()
    _add_seal(commands, heads)
    _add_verify(commands, heads)
    _add_export(commands)


def _add_seal(commands: argparse._SubParsersAction, heads: Path) -> None:
    parser = commands.add_parser(
        "seal",
        help="seal new rows and publish the heads (call it from a timer)",
        description="Seals every settled row of ledger and audit, and appends the new heads to "
        "files that belong outside this machine: name their folder with GONGYU_HEADS.",
    )
    parser.add_argument("--heads", type=Path, default=heads, help=f"their folder ({heads})")
    parser.add_argument("--json", action="store_true", help="print the new heads as JSON")
    parser.set_defaults(handler=seal)


def _add_verify(commands: argparse._SubParsersAction, heads: Path) -> None:
    parser = commands.add_parser(
        "verify",
        help="compare the tables, or a copy of them, with the published heads",
        description="Finds every edit, deletion, insertion, reordering, cut tail and rebuild among "
        "sealed rows. Needs neither the application's settings nor its key file.",
        epilog="Exit codes: 0 whole, 1 tampered with, 2 not verified, or not all of it: ledger and "
        "audit are both expected.",
    )
    verify.add_arguments(parser, _tables(), heads, heads / KEY_NAME)
    parser.set_defaults(handler=verify.run)


def _add_export(commands: argparse._SubParsersAction) -> None:
    parser = commands.add_parser(
        "export",
        help="write a copy of ledger, audit and seals as text",
        description="Writes one file a table, one row a line, that `ledger verify` reads anywhere.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="an empty or new folder")
    parser.add_argument("--tables", default=_tables(), metavar="WHERE", help="as for verify")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.add_argument(
        "--protected", action="store_true", help="with what is sealed; for those who may hold it"
    )
    parser.set_defaults(handler=write_export)


def _data() -> Path:
    # The same places as in the settings, which a verifier must be able to do without.
    return Path(os.environ.get("GONGYU_DATA") or Path.cwd() / "data").resolve()


def _heads_folder() -> Path:
    return Path(os.environ.get("GONGYU_HEADS") or _data() / "heads")


def _tables() -> str:
    return os.environ.get("GONGYU_DATABASE_URL") or str(_data() / "gongyu.sqlite3")


def seal(args: argparse.Namespace) -> int:
    """Seal and publish. 0 done, 1 refused with the reason."""
    import django

    django.setup()
    from gongyu.ground.audit.models import Entry, ProtectedEntry
    from gongyu.ground.ledger.models import Fact
    from gongyu.ground.seal.sealing import HeadsDisagree, seal_with_protected

    try:
        heads = seal_with_protected(
            [Entry, Fact], [ProtectedEntry], args.heads, progress=_show_sealed
        )
    except (HeadsDisagree, OSError) as error:
        print(f"Not sealed. {error}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"heads": [json.loads(head.as_line()) for head in heads]}))
    else:
        for head in heads:
            print(f"{head.table}: seal {head.number}, {head.count} rows up to seq {head.last_seq}")
        if not heads:
            print("Nothing new to seal.")
    return 0


def write_export(args: argparse.Namespace) -> int:
    """Export. 0 done, 1 refused with the reason."""
    try:
        written = export(
            open_copy(args.tables), args.folder, _show_exported, protected=args.protected
        )
    except (NothingToExport, CopyUnreadable, OSError) as error:
        print(f"Not exported. {error}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"folder": str(args.folder), "rows": written}))
    else:
        for table, count in written.items():
            print(f"{table}: {count} rows in {args.folder / table}.jsonl")
    return 0


def _show_sealed(table: str, last_seq: int) -> None:
    print(f"{table}: sealed up to seq {last_seq}", file=sys.stderr)


def _show_exported(table: str, count: int) -> None:
    print(f"{table}: {count} rows written", file=sys.stderr)
