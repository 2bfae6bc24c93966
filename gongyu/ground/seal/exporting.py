"""Writes a copy of the sealed tables as text, one row a line, for whoever verifies elsewhere.

<table>.jsonl: first {"table": …, "columns": […]}, then one array a row; binary values are
["bytes", hexadecimal]. Nothing is bent: what verifies in the database verifies in the folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .copies import Copy
from .formats import Head, parse_columns
from .heads import PROTECTED_TABLES

Progress = Callable[[str, int], None]
_EVERY = 50_000


class NothingToExport(RuntimeError):
    """There is no seal, so there is nothing that a copy could be verified against."""


def export(
    copy: Copy, folder: Path, progress: Progress | None = None, *, protected: bool = False
) -> dict[str, int]:
    """Write every sealed table, and the seals, into the folder; returns rows by table. Rows that
    are not yet sealed are included; protected tables only when asked for. Raises NothingToExport,
    FileExistsError, CopyUnreadable.

    The folder must be new or empty, and appears whole: what breaks off leaves nothing behind.
    """
    seals = [head for head in copy.seals() if protected or head.table not in PROTECTED_TABLES]
    if not seals:
        raise NothingToExport("Nothing is sealed yet; run `gongyu ledger seal` first.")
    _check_empty(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=".export-") as beside:
        whole = Path(beside) / "whole"
        whole.mkdir()
        written = _write_all(copy, seals, whole, progress)
        # An empty folder gives way to the new one; one that was filled meanwhile does not.
        whole.rename(folder)
    return written


def _check_empty(folder: Path) -> None:
    if folder.is_dir():
        if any(folder.iterdir()):
            raise FileExistsError(f"{folder} is not empty; name a new or an empty folder.")
    elif folder.exists():
        raise FileExistsError(f"{folder} is a file; name a new or an empty folder.")


def _write_all(
    copy: Copy, seals: list[Head], folder: Path, progress: Progress | None
) -> dict[str, int]:
    written = {}
    for table, heads in groupby(seals, key=lambda head: head.table):
        columns = list(heads)[-1].columns
        names = ["seq", *(name for name, _ in parse_columns(columns))]
        rows = copy.rows(table, columns, -(2**63), None)
        written[table] = _write(folder, table, names, rows, progress)
    _write(folder, "seal_seal", ["id", *_SEAL_COLUMNS], _seal_rows(seals), None)
    _write(folder, "seal_block", _BLOCK_COLUMNS, _block_rows(copy, seals), None)
    return written


_SEAL_COLUMNS = [
    "table_name", "number", "first_seq", "last_seq", "row_count", "columns", "root",
    "previous_head", "sealed_at", "head", "signature",
]  # fmt: skip
_BLOCK_COLUMNS = ["seal_id", "number", "runs", "prints"]


def _seal_rows(seals: Iterable[Head]) -> Iterator[tuple]:
    for number, head in enumerate(seals, start=1):
        yield (
            number, head.table, head.number, head.first_seq, head.last_seq, head.count,
            head.columns, head.root, head.previous, head.sealed_at, head.head, head.signature,
        )  # fmt: skip


def _block_rows(copy: Copy, seals: Iterable[Head]) -> Iterator[tuple]:
    for seal_number, head in enumerate(seals, start=1):
        for number, block in enumerate(copy.blocks(head.table, head.number)):
            yield seal_number, number, block.runs, block.prints


def _write(
    folder: Path, table: str, names: list[str], rows: Iterable[tuple], progress: Progress | None
) -> int:
    count = 0
    with (folder / f"{table}.jsonl").open("x", encoding="utf-8") as file:
        file.write(json.dumps({"table": table, "columns": names}) + "\n")
        for row in rows:
            file.write(json.dumps(row, separators=(",", ":"), default=_bytes_form) + "\n")
            count += 1
            if progress is not None and count % _EVERY == 0:
                progress(table, count)
    return count


def _bytes_form(value: Any) -> list[str]:
    return ["bytes", bytes(value).hex()]
