"""Reads the sealed tables from wherever they are: SQLite, PostgreSQL, an exported folder.

No Django; psycopg only where a PostgreSQL address is given.
"""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from .formats import BlockPrint, Head, parse_columns

_FETCH = 4096
_HEAD_COLUMNS = (
    "table_name, number, first_seq, last_seq, row_count, columns, root, previous_head, "
    "sealed_at, head, signature"
)


class CopyUnreadable(RuntimeError):
    """The tables cannot be read at all; nothing is known about them."""


class Copy(Protocol):
    """The sealed tables, wherever they lie."""

    def columns(self, table: str) -> list[str]:
        """The names of the table's columns; none if there is no such table."""

    def rows(self, table: str, columns: str, first: int, last: int | None) -> Iterator[tuple]:
        """(seq, value …) with first ≤ seq (≤ last), in rising seq."""

    def counts(self, table: str, last: int) -> tuple[int, int]:
        """How many rows lie after `last`, and how many have no whole, positive seq."""

    def seals(self) -> list[Head]:
        """Every seal kept beside the tables, by table and number."""

    def blocks(self, table: str, number: int) -> list[BlockPrint]:
        """The blocks of one seal."""


class _SqlCopy(ABC):
    """What SQLite and PostgreSQL have in common."""

    mark = "?"

    def _all(self, statement: str, *values: Any) -> list[tuple]:
        return list(self._stream(statement, values))

    @abstractmethod
    def _stream(self, statement: str, values: tuple) -> Iterator[tuple]:
        """The rows of a statement, one after the other."""

    @abstractmethod
    def _expression(self, name: str, form: str) -> str:
        """How a column is read as the text that was sealed."""

    @abstractmethod
    def columns(self, table: str) -> list[str]:
        """The table's columns as they are named in this copy."""

    def rows(self, table: str, columns: str, first: int, last: int | None) -> Iterator[tuple]:
        values = ", ".join(self._expression(*column) for column in parse_columns(columns))
        until = "" if last is None else f"AND seq <= {int(last)}"
        statement = (
            f'SELECT seq, {values} FROM "{_name(table)}" '  # noqa: S608
            f"WHERE seq >= {int(first)} {until} ORDER BY seq"
        )
        yield from self._stream(statement, ())

    def seals(self) -> list[Head]:
        if not self.columns("seal_seal"):
            return []
        rows = self._all(f"SELECT {_HEAD_COLUMNS} FROM seal_seal ORDER BY table_name, number")  # noqa: S608
        return [Head(*row) for row in rows]

    def blocks(self, table: str, number: int) -> list[BlockPrint]:
        if not self.columns("seal_block") or not self.columns("seal_seal"):
            return []
        rows = self._all(
            "SELECT b.runs, b.prints FROM seal_block b JOIN seal_seal s ON s.id = b.seal_id "  # noqa: S608
            f"WHERE s.table_name = {self.mark} AND s.number = {self.mark} ORDER BY b.number",
            table,
            number,
        )
        return [BlockPrint(str(runs), _as_bytes(prints)) for runs, prints in rows]


class SqliteCopy(_SqlCopy):
    """An SQLite database, opened for reading, or a connection that is already there."""

    def __init__(self, source: Path | sqlite3.Connection) -> None:
        self._connection = source if isinstance(source, sqlite3.Connection) else _opened(source)

    def _stream(self, statement: str, values: tuple) -> Iterator[tuple]:
        try:
            cursor = self._connection.execute(statement, values)
            while rows := cursor.fetchmany(_FETCH):
                yield from rows
        except sqlite3.DatabaseError as error:
            raise CopyUnreadable(f"SQLite cannot read the copy: {error}.") from error

    def _expression(self, name: str, form: str) -> str:
        # A bare column would be converted by its declared type; an expression has none.
        return f'+"{_name(name)}"'

    def columns(self, table: str) -> list[str]:
        return [row[1] for row in self._all(f'PRAGMA table_info("{_name(table)}")')]

    def counts(self, table: str, last: int) -> tuple[int, int]:
        [row] = self._all(
            "SELECT coalesce(sum(typeof(seq) = 'integer' AND seq > ?), 0), "  # noqa: S608
            "coalesce(sum(typeof(seq) <> 'integer' OR seq < 1), 0) "
            f'FROM "{_name(table)}"',
            last,
        )
        return row


class PostgresCopy(_SqlCopy):
    """A PostgreSQL database by its address, or a connection that is already there."""

    mark = "%s"

    def __init__(self, source: Any) -> None:
        self._own = isinstance(source, str)
        self._connection = _connected(source) if self._own else source

    def _stream(self, statement: str, values: tuple) -> Iterator[tuple]:
        import psycopg

        try:
            # Without a name the whole answer would come at once; a name needs a transaction.
            large = self._own and statement.startswith("SELECT seq,")
            named = {"name": "gongyu_copy"} if large else {}
            with self._connection.cursor(**named) as cursor:
                cursor.execute(statement, values or None)
                while rows := cursor.fetchmany(_FETCH):
                    yield from rows
        except psycopg.Error as error:
            raise CopyUnreadable(f"PostgreSQL cannot read the tables: {error}".strip()) from error

    def _expression(self, name: str, form: str) -> str:
        column = f'"{_name(name)}"'
        if form == "json":
            return f"{column}::text"
        if form in {"date", "moment"}:
            pattern = "YYYY-MM-DD" if form == "date" else "YYYY-MM-DD HH24:MI:SS.US"
            shown = column if form == "date" else f"{column} AT TIME ZONE 'UTC'"
            # to_char shows neither infinity nor BC, so those are written as PostgreSQL writes them.
            return (
                f"CASE WHEN {column} BETWEEN '0001-01-02' AND '9999-12-30' "
                f"THEN to_char({shown}, '{pattern}') ELSE {column}::text END"
            )
        return column

    def columns(self, table: str) -> list[str]:
        rows = self._all(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) "
            "AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            f'"{_name(table)}"',
        )
        return [row[0] for row in rows]

    def counts(self, table: str, last: int) -> tuple[int, int]:
        [row] = self._all(
            "SELECT count(*) FILTER (WHERE seq > %s), "  # noqa: S608
            "count(*) FILTER (WHERE seq IS NULL OR seq < 1) "
            f'FROM "{_name(table)}"',
            last,
        )
        return row


def open_copy(source: str) -> Copy:
    """The tables at a PostgreSQL address, in an exported folder or in an SQLite file.
    Raises CopyUnreadable."""
    if source.startswith(("postgres://", "postgresql://")):
        return PostgresCopy(source)
    path = Path(source.removeprefix("sqlite:///") if source.startswith("sqlite:") else source)
    if path.is_dir():
        return folder_copy(path)
    if not path.is_file():
        raise CopyUnreadable(f"There is no file or folder {path}.")
    return SqliteCopy(path)


def folder_copy(folder: Path) -> SqliteCopy:
    """An exported folder (exporting.py), loaded into an SQLite database that vanishes."""
    # An empty name is a temporary database that grows on disk, not in memory.
    connection = sqlite3.connect("")
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise CopyUnreadable(f"The folder {folder} holds no exported table (*.jsonl).")
    for path in files:
        try:
            with path.open(encoding="utf-8") as lines:
                _load(connection, json.loads(next(lines)), lines)
        except (OSError, ValueError, KeyError, TypeError, StopIteration, sqlite3.Error) as error:
            raise CopyUnreadable(
                f"{path} is not an exported table ({type(error).__name__})."
            ) from error
    return SqliteCopy(connection)


def _load(connection: sqlite3.Connection, header: dict, lines: Iterator[str]) -> None:
    table, columns = _name(header["table"]), [_name(name) for name in header["columns"]]
    # Columns have no type, so that no value is bent on its way in.
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    connection.execute(f'CREATE TABLE "{table}" ({names})')
    connection.executemany(
        f'INSERT INTO "{table}" VALUES ({marks})',  # noqa: S608
        ([_from_json(value) for value in json.loads(line)] for line in lines),
    )
    if "seq" in columns:
        connection.execute(f'CREATE INDEX "{table}_seq" ON "{table}" (seq)')
    connection.commit()


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        kind, hexadecimal = value
        if kind != "bytes":
            raise ValueError("an unknown form of value")
        return bytes.fromhex(hexadecimal)
    return value


def _opened(path: Path) -> sqlite3.Connection:
    # A copy in a folder where nothing can be written opens only as immutable.
    for mode in ("mode=ro", "immutable=1"):
        try:
            connection = sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True)
            connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            reason = error
        else:
            return connection
    raise CopyUnreadable(f"{path} is not a readable SQLite database: {reason}.")


def _connected(address: str) -> Any:
    try:
        import psycopg
    except ImportError as error:
        raise CopyUnreadable("To read PostgreSQL directly, install psycopg.") from error
    try:
        connection = psycopg.connect(address)
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
    except psycopg.Error as error:
        raise CopyUnreadable(f"PostgreSQL does not answer: {error}".strip()) from error
    return connection


def _name(name: str) -> str:
    """A table's or column's name, safe inside a statement."""
    if not str(name).replace("_", "").isalnum():
        raise CopyUnreadable(f"{str(name)[:40]!r} is not a table's or column's name.")
    return name


def _as_bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""
