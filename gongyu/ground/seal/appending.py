"""Rows go into an append-only table in bulk, and every row's sequence number comes back in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models

# Small enough for PostgreSQL's planner and memory, large enough that round trips do not count.
CHUNK = 2000
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class NotInTransaction(RuntimeError):
    """A fact or an audit row was about to be written outside the transaction of its record."""


class NotCanonical(ValueError):
    """A JSON value that two databases would store differently, so that a seal could not hold it."""


def require_transaction() -> None:
    """Raises NotInTransaction unless a transaction is open."""
    if not connection.in_atomic_block:
        raise NotInTransaction(
            "Facts and audit rows are written in the transaction of the record they speak of: "
            "wrap the action in transaction.atomic()."
        )


def json_text(value: dict[str, Any] | None) -> str:
    """The canonical JSON text of a small object. Raises NotCanonical for floats and NUL."""
    if not value:
        return "{}"
    _check_canonical(value)
    return _CANONICAL.encode(value)


def _check_canonical(value: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise NotCanonical(f"Key {key!r} is not text; name it with a string.")
            _check_canonical(inner)
            _check_canonical(key)
    elif isinstance(value, list | tuple):
        for inner in value:
            _check_canonical(inner)
    elif isinstance(value, str):
        # PostgreSQL cannot keep NUL in text or JSON, SQLite can.
        if "\x00" in value:
            raise NotCanonical("Text with a NUL character cannot be kept.")
    elif value is not None and not isinstance(value, int):
        raise NotCanonical(
            f"{type(value).__name__} is written differently by different databases; use text, "
            "whole numbers, true, false, null, lists or objects."
        )


def append_rows(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> list[int]:
    """Insert rows and return their seqs in the order given.

    `rows` hold the values of every column but `seq`, in the model's order; JSON columns hold
    canonical text. Statements grow with the rows per CHUNK, never with single rows.
    """
    require_transaction()
    if not rows:
        return []
    if connection.vendor == "sqlite":
        return _append_on_sqlite(model, rows)
    return _append_on_postgresql(model, rows)


def _columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def _append_on_sqlite(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> list[int]:
    fields = _columns(model)
    table = model._meta.db_table
    columns = list(zip(*rows, strict=True))
    for place, field in enumerate(fields):
        convert = _SQLITE_FORMS.get(field.get_internal_type())
        if convert is not None:
            # A batch has few different days and one moment: each is converted once.
            forms = {value: convert(value) for value in set(columns[place])}
            columns[place] = [forms[value] for value in columns[place]]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * (len(fields) + 1))
    with connection.cursor() as cursor:
        # The transaction began IMMEDIATE, so nobody else writes between this reading and the
        # insert; sqlite_sequence rolls back with the rows, so a failure leaves no gap.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
        seqs = list(range(first, first + len(rows)))
        cursor.executemany(
            f'INSERT INTO "{table}" ("seq", {names}) VALUES ({marks})',  # noqa: S608
            list(zip(seqs, *columns, strict=True)),
        )
    return seqs


def _append_on_postgresql(model: type[models.Model], rows: Sequence[Sequence[Any]]) -> list[int]:
    fields = _columns(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    arrays = ", ".join(f"%s::{_array_type(field)}[]" for field in fields)
    values = ", ".join(
        f"u.c{place}::jsonb" if field.get_internal_type() == "JSONField" else f"u.c{place}"
        for place, field in enumerate(fields)
    )
    labels = ", ".join(f"c{place}" for place in range(len(fields)))
    statement = (
        f'INSERT INTO "{model._meta.db_table}" ({names}) '  # noqa: S608
        f'SELECT {values} FROM unnest({arrays}) AS u({labels}) RETURNING "seq"'
    )
    seqs: list[int] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), CHUNK):
            columns = [list(column) for column in zip(*rows[start : start + CHUNK], strict=True)]
            cursor.execute(statement, columns)
            seqs.extend(row[0] for row in cursor.fetchall())
    return seqs


def _array_type(field: models.Field) -> str:
    internal = field.get_internal_type()
    if internal in {"CharField", "TextField", "JSONField"}:
        return "text"
    return field.db_type(connection)


def _date_form(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _moment_form(value: datetime | None) -> str | None:
    return None if value is None else connection.ops.adapt_datetimefield_value(value)


_SQLITE_FORMS: dict[str, Callable[[Any], Any]] = {
    "DateField": _date_form,
    "DateTimeField": _moment_form,
}
