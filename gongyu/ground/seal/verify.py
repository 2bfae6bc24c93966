"""Verifies a copy of the sealed tables against the published heads: standard library only.

It needs neither Django, nor settings, nor the private key. It finds every edit of any column,
deletion, insertion, reordering, cut tail and full rebuild among sealed rows; rows after the last
published head are counted as not yet sealed, and nothing is claimed about them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .comparing import Fault, compare_rows
from .copies import Copy, CopyUnreadable, open_copy
from .formats import FormatError, Head, VerificationKey, parse_columns
from .heads import PROTECTED_TABLES, HeadsUnreadable, by_table, faults_of_chain, read_heads

WHOLE, TAMPERED, NOT_VERIFIED = 0, 1, 2
# Sealed in every installation: of each of them heads or seals must be at hand.
EXPECTED = ("audit_entry", "ledger_fact")

Progress = Callable[[str, int, int], None]


@dataclass
class TableReport:
    """What was found in one table. `unsealed` rows came after the last published head. Where
    `verified` is False nothing was at hand to verify by."""

    table: str
    seals: int
    sealed_rows: int
    last_seq: int
    sealed_at: str
    unsealed: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    verified: bool = True


@dataclass
class Report:
    """What was found; `whole` if nothing contradicts the published heads."""

    tables: list[TableReport]

    @property
    def whole(self) -> bool:
        return not any(table.faults or not table.verified for table in self.tables)

    @property
    def exit_code(self) -> int:
        """What is tampered with outweighs what could not be verified."""
        if any(table.faults for table in self.tables):
            return TAMPERED
        return WHOLE if self.whole else NOT_VERIFIED

    def as_json(self) -> dict[str, Any]:
        return {"whole": self.whole, "tables": [asdict(table) for table in self.tables]}

    def as_text(self) -> str:
        lines = []
        for table in self.tables:
            if not table.verified:
                lines.append(f"{table.table}: NOT VERIFIED. {' '.join(table.notes)}")
                continue
            state = "whole" if not table.faults else "TAMPERED WITH"
            lines.append(
                f"{table.table}: {state}. {table.sealed_rows} rows in {table.seals} seals up to "
                f"seq {table.last_seq} ({table.sealed_at}); {table.unsealed} rows not yet sealed."
            )
            lines += [f"  - [{fault.kind}] {fault.text}" for fault in table.faults]
            lines += [f"  . {note}" for note in table.notes]
        return "\n".join(lines)


def verify(
    copy: Copy,
    heads: list[Head],
    key: VerificationKey,
    progress: Progress | None = None,
    expected: Iterable[str] = EXPECTED,
) -> Report:
    """Compare the copy with the heads; an `expected` table of which neither heads nor seals are
    left is not passed over. Raises CopyUnreadable."""
    published = by_table(heads)
    kept = by_table(copy.seals())
    tables = [
        _verify_table(copy, table, found, kept.get(table, []), key, progress)
        for table, found in published.items()
    ]
    # Whoever holds no heads of a protected table verifies the others and hears nothing of it.
    for table in sorted(kept.keys() - published.keys() - PROTECTED_TABLES):
        fault = Fault("heads", f"{len(kept[table])} seals of {table} were never published here")
        tables.append(TableReport(table, 0, 0, 0, "", faults=[fault]))
    for table in sorted(set(expected) - published.keys() - kept.keys()):
        tables.append(_not_verified(copy, table))
    return Report(tables)


def _not_verified(copy: Copy, table: str) -> TableReport:
    """Seals are made of all tables at once, so this one's were taken away or are kept elsewhere."""
    there = bool(copy.columns(table))
    rows = copy.counts(table, 0)[0] if there else 0
    note = (
        f"Neither a published head ({table}.jsonl) nor a seal of it is at hand, though other "
        f"tables are sealed; {f'{rows} rows are there' if there else 'the table is gone too'}. "
        "Ask for the heads wherever they are published, and name their folder with --heads."
    )
    return TableReport(table, 0, 0, 0, "", unsealed=rows, notes=[note], verified=False)


def _verify_table(
    copy: Copy,
    table: str,
    published: list[Head],
    kept: list[Head],
    key: VerificationKey,
    progress: Progress | None,
) -> TableReport:
    last = published[-1]
    report = TableReport(table, 0, 0, last.last_seq, last.sealed_at)
    chain, newer = _chain(published, kept)
    in_heads = faults_of_chain(chain, key.public_key)
    if in_heads:
        # Nothing can be measured against heads that contradict themselves.
        report.faults += [Fault("heads", f"published {text}") for text in in_heads]
        return report
    report.faults += _compare_seals(published, [s for s in kept if s.number <= last.number])
    in_newer = faults_of_chain(newer, key.public_key, before=last)
    report.faults += [Fault("seals", f"{text}, and was not published") for text in in_newer]
    if newer and not in_newer:
        chain += newer
        report.notes.append(
            f"{len(newer)} seals are newer than the published heads at hand: their rows are held "
            "by signature alone, so that a cut tail there would not show."
        )
    _compare_table(copy, chain, key, report, progress)
    return report


def _chain(published: list[Head], kept: list[Head]) -> tuple[list[Head], list[Head]]:
    """The heads up to the last published one, and those after it. As each head holds the one
    before it, the seals beside the tables may fill in heads that are not at hand."""
    numbers, last = {head.number for head in published}, published[-1].number
    filled = [seal for seal in kept if seal.number not in numbers and seal.number < last]
    newer = [seal for seal in kept if seal.number > last]
    return sorted([*published, *filled], key=lambda head: head.number), newer


def _compare_table(
    copy: Copy,
    chain: list[Head],
    key: VerificationKey,
    report: TableReport,
    progress: Progress | None,
) -> None:
    last = chain[-1]
    report.seals, report.last_seq, report.sealed_at = len(chain), last.last_seq, last.sealed_at
    report.sealed_rows = sum(head.count for head in chain)
    if not _columns_agree(copy, last, report):
        return
    for done, head in enumerate(chain, start=1):
        report.faults += compare_rows(copy, head, key.row_key)
        if progress is not None:
            progress(report.table, done, len(chain))
    report.unsealed, misnumbered = copy.counts(report.table, last.last_seq)
    if misnumbered:
        report.faults.append(Fault("inserted", f"{misnumbered} rows have no whole, positive seq"))
    # The last sealed seq is always a row's own, so nothing from there on means a cut end.
    if copy.counts(report.table, last.last_seq - 1)[0] == 0:
        text = f"the end is missing: there were rows up to seq {last.last_seq}"
        report.faults.append(Fault("cut tail", text, last_seq=last.last_seq))


def _compare_seals(published: list[Head], kept: list[Head]) -> list[Fault]:
    """The seals beside the tables against those published."""
    faults = []
    beside = {seal.number: seal for seal in kept}
    missing = [head.number for head in published if head.number not in beside]
    other = [h.number for h in published if h.number in beside and beside[h.number] != h]
    if missing:
        faults.append(
            Fault("seals", f"seals {missing[0]}–{missing[-1]} were published and are not there")
        )
    if other:
        faults.append(
            Fault(
                "rebuilt",
                f"{len(other)} seals from {other[0]} on are not those published: the table was "
                "sealed anew, or its seals were changed",
            )
        )
    if len(kept) > len(beside):
        faults.append(Fault("seals", "seals are there twice under one number"))
    return faults


def _columns_agree(copy: Copy, last: Head, report: TableReport) -> bool:
    sealed = {name for name, _ in parse_columns(last.columns)}
    there = set(copy.columns(report.table))
    missing = sorted(sealed - there)
    if not there:
        report.faults.append(Fault("deleted", "the table is not there"))
    elif missing:
        report.faults.append(Fault("columns", f"sealed columns are gone: {', '.join(missing)}"))
    elif there - sealed - {"seq"}:
        names = ", ".join(sorted(there - sealed - {"seq"}))
        report.notes.append(f"Columns that no seal covers yet: {names}.")
    return bool(there) and not missing


def read_key(path: Path) -> VerificationKey:
    """Raises FormatError."""
    try:
        return VerificationKey.from_text(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FormatError(
            f"The verification key {path} cannot be used: {error}. It is written beside the heads "
            "at the first sealing; keep a copy apart, and name it with --key."
        ) from error


def add_arguments(parser: argparse.ArgumentParser, tables: str, heads: Path, key: Path) -> None:
    """The arguments of a verification; `tables`, `heads` and `key` are where each usually lies."""
    parser.add_argument(
        "--tables", default=tables, metavar="WHERE",
        help="SQLite file, exported folder, or postgresql:// address (default: this installation)",
    )  # fmt: skip
    parser.add_argument(
        "--heads", type=Path, default=heads, help="published heads: a .jsonl file or their folder"
    )
    parser.add_argument("--key", type=Path, default=key, help="verification key file")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")


def run(args: argparse.Namespace) -> int:
    """Verify and print. 0 whole, 1 tampered with, 2 not verified."""
    try:
        key = read_key(args.key)
        report = verify(open_copy(args.tables), read_heads(args.heads), key, _show_progress)
    except (CopyUnreadable, HeadsUnreadable, FormatError) as error:
        print(f"Not verified. {error}", file=sys.stderr)  # noqa: T201
        return NOT_VERIFIED
    text = json.dumps(report.as_json(), ensure_ascii=False) if args.json else report.as_text()
    print(text)  # noqa: T201
    return report.exit_code


def _show_progress(table: str, done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        end = "\n" if done == total else "\r"
        print(f"{table}: seal {done} of {total} checked", end=end, file=sys.stderr)  # noqa: T201


def main(argv: list[str] | None = None) -> int:
    """`python -m gongyu.ground.seal.verify`, on a machine without the application."""
    parser = argparse.ArgumentParser(prog="gongyu.ground.seal.verify", description=__doc__)
    here = Path("heads")
    add_arguments(parser, "gongyu.sqlite3", here, here / "verification-key.json")
    return run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(main())
