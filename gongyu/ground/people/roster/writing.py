"""Rows into, over and out of tables in bulk, past Django's objects but through its columns.

A roster of 20,000 pupils writes some 160,000 rows; one object for each would take most of the time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from gongyu.ground.secrets.fields import SecretField, encrypt_all


def _connection() -> BaseDatabaseWrapper:
    # The proxy `django.db.connection` looks itself up anew at every one of a million calls.
    return connections[DEFAULT_DB_ALIAS]


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[tuple]) -> list[int]:
    """Inserts rows whose values stand in the order of `names` (column attributes such as
    `home_id`); returns their primary keys in order. Must run inside a transaction that nobody
    else writes the table in, or on a database with sequences."""
    if not rows:
        return []
    fields = [_field(model, name) for name in names]
    key = model._meta.pk
    columns = [
        _prepared(field, values)
        for field, values in zip(fields, zip(*rows, strict=True), strict=True)
    ]
    ids = _next_keys(model, len(rows))
    marks = ", ".join(["%s"] * (len(fields) + 1))
    listed = ", ".join(f'"{field.column}"' for field in (key, *fields))
    statement = f'INSERT INTO "{model._meta.db_table}" ({listed}) VALUES ({marks})'  # noqa: S608
    with _connection().cursor() as cursor:
        cursor.executemany(statement, list(zip(ids, *columns, strict=True)))
    return ids


def update(model: type[models.Model], values: dict[int, dict[str, Any]]) -> None:
    """Sets columns of rows by primary key; rows with the same columns share a statement."""
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for pk, changed in values.items():
        if changed:
            groups[tuple(sorted(changed))].append(pk)
    for names, ids in groups.items():
        fields = [_field(model, name) for name in names]
        columns = [
            _prepared(field, [values[pk][name] for pk in ids])
            for field, name in zip(fields, names, strict=True)
        ]
        assignments = ", ".join(f'"{field.column}" = %s' for field in fields)
        statement = (
            f'UPDATE "{model._meta.db_table}" SET {assignments} '  # noqa: S608
            f'WHERE "{model._meta.pk.column}" = %s'
        )
        with _connection().cursor() as cursor:
            cursor.executemany(statement, list(zip(*columns, ids, strict=True)))


def _field(model: type[models.Model], name: str) -> models.Field:
    return model._meta.get_field(name.removesuffix("_id"))


def _prepared(field: models.Field, values: Sequence[Any]) -> list[Any]:
    kind, connection = field.get_internal_type(), _connection()
    if isinstance(field, SecretField):
        return encrypt_all(values, field.bound_to)
    if kind in {"DateField", "DateTimeField"}:
        # Few different days in many rows.
        forms = {value: field.get_db_prep_save(value, connection) for value in set(values)}
        return [forms[value] for value in values]
    return list(values)


def _next_keys(model: type[models.Model], count: int) -> list[int]:
    table, column = model._meta.db_table, model._meta.pk.column
    with _connection().cursor() as cursor:
        if _connection().vendor == "sqlite":
            # The transaction began IMMEDIATE: nobody else writes between this and the insert.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
            return list(range(first, first + count))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{table}"', column, count],
        )
        return [row[0] for row in cursor.fetchall()]


# Far below what SQLite (32,766) and PostgreSQL (65,535) take in one statement.
_ASKED_AT_ONCE = 5000


def find(
    model: type[models.Model], name: str, values: Iterable[str], give: Sequence[str]
) -> Iterator[tuple]:
    """The columns `give` of the rows whose plain column `name` is among `values`, by primary key."""
    wanted = list(values)
    listed = ", ".join(f'"{_field(model, each).column}"' for each in give)
    column, key = _field(model, name).column, model._meta.pk.column
    for start in range(0, len(wanted), _ASKED_AT_ONCE):
        chunk = wanted[start : start + _ASKED_AT_ONCE]
        marks = ", ".join(["%s"] * len(chunk))
        with _connection().cursor() as cursor:
            cursor.execute(
                f'SELECT {listed} FROM "{model._meta.db_table}" '  # noqa: S608
                f'WHERE "{column}" IN ({marks}) ORDER BY "{key}"',
                chunk,
            )
            yield from cursor.fetchall()
