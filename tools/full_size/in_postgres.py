"""The hand-written yearly visit on PostgreSQL, over plain tables of the same columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from gongyu.indicators import snapshot
from gongyu.indicators.ledger_files import LedgerFiles
from gongyu.indicators.rule import Rule
from gongyu.indicators.shapes.tables import CLASSES, CONTAINMENTS, FACTS
from gongyu.indicators.stored_states import quoted

from . import by_hand

# Plain is what PostgreSQL does as it comes; beside it, as much memory as DuckDB would take.
SETTINGS: dict[str, dict[str, str]] = {
    "as it comes": {},
    "with 512 MB for each step": {"work_mem": "512MB", "temp_buffers": "512MB"},
}
_TYPES = {"int64": "bigint", "string": "text"}


class Plain:
    """The steps, and the tables that they read, in an empty cluster at `url`."""

    def __init__(self, url: str, rule: Rule, day: int) -> None:
        self.url, self.rule, self.day = url, rule, day

    def fill(self) -> None:
        """The facts, the classes and the places that hold others; the kinds of facts have an
        index."""
        files = {
            "facts": (FACTS, LedgerFiles().paths()),
            "classes": (CLASSES, [snapshot.place_file("classes")]),
            "containments": (CONTAINMENTS, [snapshot.place_file("containments")]),
        }
        with self._connected({}) as cursor:
            for name, (columns, paths) in files.items():
                typed = ", ".join(f"{column} {_TYPES[kind]}" for column, kind in columns.items())
                cursor.execute(f"CREATE TABLE {name} ({typed})")
                with cursor.copy(
                    f"COPY {name} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"
                ) as copy:
                    for path in paths:
                        copy.write(_as_csv(pq.read_table(path, columns=list(columns))))
            cursor.execute("CREATE INDEX ON facts (kind)")
            cursor.execute("VACUUM ANALYZE")

    def run(self, settings: dict[str, str]) -> list[tuple]:
        """Every child's state in a table; returns the figures of the five levels."""
        with self._connected(settings) as cursor:
            cursor.execute("DROP TABLE IF EXISTS stored")
            for step in by_hand.statements(self.rule, self.day):
                cursor.execute(step)
                # The planner must know the sizes of the steps, as DuckDB does.
                cursor.execute(f"ANALYZE {by_hand.name_of(step)}")
            cursor.execute("CREATE UNLOGGED TABLE stored AS SELECT * FROM answer")
            return by_hand.figures(lambda step: cursor.execute(step) and cursor, "stored")

    def write(self, path: Path) -> None:
        """The states as Parquet, to be compared."""
        text = path.with_suffix(".csv")
        everything = "COPY stored TO STDOUT (FORMAT csv, HEADER)"
        with (
            self._connected({}) as cursor,
            text.open("wb") as file,
            cursor.copy(everything) as copy,
        ):
            for block in copy:
                file.write(block)
        with duckdb.connect() as database:
            database.execute(
                f"COPY (SELECT * FROM read_csv({quoted(text)}, header = true, "
                "types = {'state': 'VARCHAR', 'reason': 'VARCHAR'})) "
                f"TO {quoted(path)} (FORMAT parquet)"
            )
        text.unlink()

    @contextmanager
    def _connected(self, settings: dict[str, str]) -> Iterator[psycopg.Cursor]:
        """A session of its own, because memory for temporary tables is given at its beginning."""
        with (
            psycopg.connect(self.url, autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            for name, value in settings.items():
                cursor.execute(f"SET {name} = '{value}'")
            yield cursor


def _as_csv(table: pa.Table) -> bytes:
    # Written so that an empty word has quotes and what is missing has none.
    text = BytesIO()
    pa.csv.write_csv(table, text, pa.csv.WriteOptions(include_header=False))
    return text.getvalue()
