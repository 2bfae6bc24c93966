"""A small sealed installation for the tests, and copies of its tables to tamper with."""

from __future__ import annotations

import random
import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import time_machine
from django.db import connection, transaction

from gongyu.ground.audit.actions import Deed, record_many
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.actions import append_many
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.shapes import NewFact
from gongyu.ground.seal.copies import SqliteCopy, folder_copy
from gongyu.ground.seal.exporting import export
from gongyu.ground.seal.formats import Head, VerificationKey
from gongyu.ground.seal.heads import read_heads
from gongyu.ground.seal.sealing import own_copy, seal_tables, verification_key
from gongyu.ground.seal.verify import Report, verify

TABLES = [Entry, Fact]
DAY = date(2026, 9, 1)


def write_facts(first: int, count: int) -> None:
    """Facts of every look: with and without place, end, attributes, correction."""
    facts = [
        NewFact(
            kind="enrolment",
            subject_type="child",
            subject_id=child,
            on_date=DAY + timedelta(days=child % 30),
            source_model="people.Enrolment",
            source_id=child,
            place_id=child % 9 or None,
            until_date=DAY + timedelta(days=300) if child % 4 == 0 else None,
            status="transfer" if child % 3 else "",
            attrs={"from": [child, "转入"], "b": True} if child % 5 == 0 else {},
        )
        for child in range(first, first + count)
    ]
    deeds = [
        Deed("child.add", ("child", child), place_id=child % 7, detail={"n": child}, why="导入")
        for child in range(first, first + count)
    ]
    # Another moment for each batch, as in life; one moment would hide swapped times.
    moment = f"2026-09-01T08:{first // 60 % 60:02}:{first % 60:02}.{first:06}+08:00"
    with time_machine.travel(moment, tick=False), transaction.atomic():
        append_many(facts, by=SYSTEM)
        record_many(deeds, by=SYSTEM)


def skip_numbers() -> None:
    """What a transaction leaves that was rolled back: numbers that no row has."""
    with connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            if connection.vendor == "sqlite":
                cursor.execute("UPDATE sqlite_sequence SET seq = seq + 3 WHERE name = %s", [table])
            else:
                cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'seq'))", [table])


@dataclass
class Sealed:
    """What an auditor has: heads, key, and a copy of the tables."""

    folder: Path
    heads: list[Head]
    key: VerificationKey
    tables: sqlite3.Connection

    def fresh(self) -> sqlite3.Connection:
        """The copied tables once more, to be tampered with."""
        copy = sqlite3.connect(":memory:")
        self.tables.backup(copy)
        return copy

    def verify(self, tables: sqlite3.Connection, heads: list[Head] | None = None) -> Report:
        return verify(SqliteCopy(tables), heads or self.heads, self.key)


def build_sealed(tmp_path: Path) -> Sealed:
    """Some 600 rows a table in 3 seals with gaps, and a tail that is not sealed."""
    folder = tmp_path / "heads"
    for first in range(1, 601, 40):
        write_facts(first, 40)
        if first % 3 == 1:
            skip_numbers()
        if first == 321:
            seal_tables(TABLES, folder, rows=300)
    seal_tables(TABLES, folder, rows=300)
    write_facts(601, 10)
    export(own_copy(), tmp_path / "copy")
    tables = folder_copy(tmp_path / "copy")._connection
    return Sealed(folder, read_heads(folder), verification_key(), tables)


def some_sealed_seqs(tables: sqlite3.Connection, table: str, rng: random.Random) -> list[int]:
    """Every sealed seq of the table in random order."""
    [last] = tables.execute(
        "SELECT max(last_seq) FROM seal_seal WHERE table_name = ?", [table]
    ).fetchone()
    seqs = [row[0] for row in tables.execute(f'SELECT seq FROM "{table}" WHERE seq <= {last}')]
    rng.shuffle(seqs)
    return seqs
