"""Compares the rows of one seal with what was sealed, and says which rows differ and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .copies import Copy
from .formats import BlockPrint, FormatError, Head, RowPrinter, blocks_of, root_of


@dataclass(frozen=True, slots=True)
class Fault:
    """One finding. `kind` is a word for programs; `seqs` are the rows concerned, if known; for
    `range`, only the first and the last of them can be named."""

    kind: str
    text: str
    seqs: tuple[int, ...] = field(default=())
    first_seq: int | None = None
    last_seq: int | None = None


def compare_rows(copy: Copy, head: Head, row_key: bytes) -> list[Fault]:
    """The differences between the copy's rows and a trusted head; none if its root is the same."""
    printer = RowPrinter(row_key, head.table, head.columns)
    printed = [
        (row[0], printer.print_of(row[1:]))
        for row in copy.rows(head.table, head.columns, head.first_seq, head.last_seq)
    ]
    if len(printed) == head.count and root_of(blocks_of(printed)) == head.root:
        return []
    blocks = copy.blocks(head.table, head.number)
    # The blocks lie beside the rows, so they are believed only if they make the published root.
    if root_of(blocks) != head.root:
        return [_whole_range(head, len(printed))]
    return _differences(_sealed_prints(blocks), printed, head)


def _whole_range(head: Head, found: int) -> Fault:
    return Fault(
        "range",
        f"rows {head.first_seq}–{head.last_seq} (seal {head.number}) are not those that were "
        f"sealed ({head.count} sealed, {found} found); the block prints beside them were changed "
        "too, so the row cannot be named",
        first_seq=head.first_seq,
        last_seq=head.last_seq,
    )


def _sealed_prints(blocks: Sequence[BlockPrint]) -> dict[int, bytes]:
    sealed: dict[int, bytes] = {}
    for block in blocks:
        try:
            sealed.update(block.by_seq())
        except FormatError:  # cannot be, as the blocks made a signed root
            continue
    return sealed


def _differences(
    sealed: dict[int, bytes], printed: list[tuple[int, bytes]], head: Head
) -> list[Fault]:
    found = dict(printed)
    doubled = len(printed) - len(found)
    still_there = set(found.values())
    gone = sealed.keys() - found.keys()
    missing = sorted(seq for seq in gone if sealed[seq] not in still_there)
    inserted = sorted(found.keys() - sealed.keys())
    changed = sorted(seq for seq in sealed.keys() & found.keys() if sealed[seq] != found[seq])
    # A row whose content was sealed under another number was moved, not written anew.
    known = set(sealed.values())
    moved = sorted(seq for seq in changed + inserted if found[seq] in known)
    edited = [seq for seq in changed if seq not in set(moved)]
    added = [seq for seq in inserted if seq not in set(moved)]
    sayings = [
        ("edited", "rows were edited", edited),
        ("deleted", "rows were deleted", missing),
        ("inserted", "rows were inserted", added),
        ("reordered", "rows stand under other numbers than they were sealed with", moved),
    ]
    faults = [
        Fault(kind, f"{text}: seq {_some(seqs)} (seal {head.number})", tuple(seqs))
        for kind, text, seqs in sayings
        if seqs
    ]
    if doubled or not faults:
        faults.append(Fault("inserted", f"{doubled} rows have a seq that is there twice"))
    return faults


def _some(seqs: Sequence[int]) -> str:
    shown = ", ".join(str(seq) for seq in seqs[:10])
    return shown if len(seqs) <= 10 else f"{shown} and {len(seqs) - 10} more"
