"""Six ways to tamper with a copy of the sealed tables, each at a random place."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gongyu.ground.ledger.tests.sealed import Sealed, some_sealed_seqs
from gongyu.ground.seal.copies import SqliteCopy
from gongyu.ground.seal.formats import NO_HEAD, Head, RowPrinter, blocks_of, root_of

NAMES = ("ledger_fact", "audit_entry")
MOMENTS = {"ledger_fact": "recorded_at", "audit_entry": "at"}


def columns_of(tables: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in tables.execute(f'PRAGMA table_info("{table}")') if row[1] != "seq"]


def another(value: Any, rng: random.Random) -> Any:
    """A value that differs from `value` a little or much."""
    if value is None:
        return rng.choice([0, 1, "", "2026-09-01", "{}"])
    if isinstance(value, int):
        return rng.choice([value + 1, value - 1, -value - 1, None, str(value), value + 0.5])
    place = rng.randrange(len(value) + 1)
    choices = [value + "x", f"{value[:place]}~{value[place:]}", None, value.encode()]
    return rng.choice([choice for choice in choices if choice != value])


def edit(tables: sqlite3.Connection, rng: random.Random) -> tuple[str, int]:
    """Any column of any sealed row."""
    table = rng.choice(NAMES)
    column = rng.choice(columns_of(tables, table))
    seq = some_sealed_seqs(tables, table, rng)[0]
    [old] = tables.execute(f'SELECT "{column}" FROM {table} WHERE seq = ?', [seq]).fetchone()
    statement = f'UPDATE {table} SET "{column}" = ? WHERE seq = ?'
    tables.execute(statement, [another(old, rng), seq])
    return table, seq


def delete(tables: sqlite3.Connection, rng: random.Random) -> tuple[str, int]:
    """One row, some rows, a stretch of rows, or every row."""
    table = rng.choice(NAMES)
    seqs = some_sealed_seqs(tables, table, rng)
    count = rng.choice([1, 1, 3, 50])
    chosen = seqs[:count] if rng.random() < 0.7 else sorted(seqs)[5 : 5 + count]
    tables.executemany(f"DELETE FROM {table} WHERE seq = ?", [[seq] for seq in chosen])
    return table, chosen[0]


def insert(tables: sqlite3.Connection, rng: random.Random) -> tuple[str, int]:
    """Into a gap, before the first, twice under one number, or by moving all later rows on."""
    table = rng.choice(NAMES)
    seqs = some_sealed_seqs(tables, table, rng)
    gaps = sorted(set(range(1, max(seqs))) - set(seqs))
    seq = rng.choice([rng.choice(gaps), 0, -rng.randrange(1, 9), seqs[0], None, "7"])
    if rng.random() < 0.3:
        seq = seqs[0]
        tables.execute(f"UPDATE {table} SET seq = seq + 1 WHERE seq >= ?", [seq])
    names = ", ".join(columns_of(tables, table))
    tables.execute(
        f"INSERT INTO {table} (seq, {names}) SELECT ?, {names} FROM {table} WHERE seq = ?",
        [seq, seqs[1]],
    )
    return table, seqs[0]


def reorder(tables: sqlite3.Connection, rng: random.Random) -> tuple[str, int]:
    """Two or three rows change numbers, two rows the moments they were recorded, or a row takes a
    free number beside its own, so that the order of the contents stays."""
    table = rng.choice(NAMES)
    seqs = some_sealed_seqs(tables, table, rng)
    if rng.random() < 0.3:
        before_gap = next(s for s in seqs if s + 1 not in seqs and s != max(seqs))
        tables.execute(f"UPDATE {table} SET seq = seq + 1 WHERE seq = {before_gap}")
        return table, before_gap
    if rng.random() < 0.3:
        moment = MOMENTS[table]
        first, second = seqs[:2]
        read = f"SELECT {moment} FROM {table} WHERE seq = ?"
        one = tables.execute(read, [first]).fetchone()[0]
        second = next(s for s in seqs if tables.execute(read, [s]).fetchone()[0] != one)
        other = tables.execute(read, [second]).fetchone()[0]
        change = f"UPDATE {table} SET {moment} = ? WHERE seq = ?"
        tables.executemany(change, [[other, first], [one, second]])
        return table, first
    moved = seqs[: rng.choice([2, 3])]
    change = f"UPDATE {table} SET seq = ? WHERE seq = ?"
    tables.executemany(change, [[-seq - 1000, seq] for seq in moved])
    turned = [*moved[1:], moved[0]]
    pairs = zip(turned, moved, strict=True)
    tables.executemany(change, [[new, -old - 1000] for new, old in pairs])
    return table, moved[0]


def cut_tail(tables: sqlite3.Connection, rng: random.Random) -> tuple[str, int]:
    """The last rows go, with the seals that covered them or without; others may take their place."""
    table = rng.choice(NAMES)
    seqs = sorted(some_sealed_seqs(tables, table, rng))
    after = seqs[rng.randrange(len(seqs) - 1)]
    keep = tables.execute(f"SELECT * FROM {table} WHERE seq > {after}").fetchall()
    tables.execute(f"DELETE FROM {table} WHERE seq > ?", [after])
    if rng.random() < 0.5:
        where = f"table_name = '{table}' AND last_seq > {after}"
        tables.execute(
            f"DELETE FROM seal_block WHERE seal_id IN (SELECT id FROM seal_seal WHERE {where})"
        )
        tables.execute(f"DELETE FROM seal_seal WHERE {where}")
    if rng.random() < 0.3:
        marks = ", ".join("?" * len(keep[0]))
        put = keep[rng.randrange(1, len(keep)) :] if len(keep) > 1 else []
        moved = [[after + place, *row[1:]] for place, row in enumerate(put, start=1)]
        tables.executemany(f"INSERT INTO {table} VALUES ({marks})", moved)
    return table, after


def hide_traces(tables: sqlite3.Connection, rng: random.Random) -> None:
    """Whoever has the database spoils the blocks or the seals beside the rows as well."""
    tables.execute(
        rng.choice(
            [
                "DELETE FROM seal_block",
                "UPDATE seal_block SET prints = zeroblob(length(prints))",
                "DELETE FROM seal_block WHERE number = 0",
                "UPDATE seal_seal SET row_count = row_count + 1",
                "DELETE FROM seal_seal",
            ]
        )
    )


def rebuild(
    tables: sqlite3.Connection, row_key: bytes, private_key: Ed25519PrivateKey
) -> list[Head]:
    """Seal every table anew under other keys; returns the heads that would be shown."""
    old = SqliteCopy(tables).seals()
    tables.execute("DELETE FROM seal_block")
    tables.execute("DELETE FROM seal_seal")
    fresh: list[Head] = []
    for seal in old:
        printer = RowPrinter(row_key, seal.table, seal.columns)
        rows = SqliteCopy(tables).rows(seal.table, seal.columns, seal.first_seq, seal.last_seq)
        blocks = blocks_of((row[0], printer.print_of(row[1:])) for row in rows)
        before = fresh[-1].head if seal.number > 1 else NO_HEAD
        count = sum(len(block.by_seq()) for block in blocks)
        head = replace(seal, root=root_of(blocks), previous=before, count=count)
        head = replace(head, head=head.computed())
        head = replace(head, signature=private_key.sign(head.signed_bytes()).hex())
        fresh.append(head)
        _keep(tables, len(fresh), head, blocks)
    return fresh


def _keep(tables: sqlite3.Connection, number: int, head: Head, blocks: list) -> None:
    values = [
        number, head.table, head.number, head.first_seq, head.last_seq, head.count, head.columns,
        head.root, head.previous, head.sealed_at, head.head, head.signature,
    ]  # fmt: skip
    tables.execute(f"INSERT INTO seal_seal VALUES ({', '.join('?' * len(values))})", values)
    tables.executemany(
        "INSERT INTO seal_block VALUES (?, ?, ?, ?)",
        [[number, place, block.runs, block.prints] for place, block in enumerate(blocks)],
    )


def full_rebuild(
    tables: sqlite3.Connection, rng: random.Random, sealed: Sealed
) -> list[Head] | None:
    """A row is changed and everything sealed anew: with other keys, with the true row key, or
    with heads of one's own shown instead of the published ones."""
    rng.choice([edit, delete, reorder])(tables, rng)
    row_key = sealed.key.row_key if rng.random() < 0.5 else rng.randbytes(32)
    heads = rebuild(tables, row_key, Ed25519PrivateKey.from_private_bytes(rng.randbytes(32)))
    return heads if rng.random() < 0.5 else None
