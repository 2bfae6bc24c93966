"""The database itself refuses to change or delete a row of an append-only table.

Whoever owns the database can lift a trigger; that is what the seals are for. A migration that
makes SQLite rebuild such a table drops its triggers and must set them again.
"""

from __future__ import annotations

from functools import partial

from django.db import migrations

PREFIX = "append_only_"

_SQLITE_CHANGE = """
CREATE TRIGGER {prefix}{table}_{verb} BEFORE {verb} ON "{table}"
BEGIN SELECT RAISE(ABORT, '{table} is append-only: a correction is a new row'); END
"""

# INSERT OR REPLACE would delete the row in its way without firing the delete trigger.
_SQLITE_REPLACE = """
CREATE TRIGGER {prefix}{table}_replace BEFORE INSERT ON "{table}"
WHEN {clash}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: a row is never replaced'); END
"""

_POSTGRESQL_REFUSE = """
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: a correction is a new row', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

_POSTGRESQL_CHANGE = """
CREATE TRIGGER {prefix}{table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse()
"""

# Sequence numbers are given before the transaction commits, so a lower one may appear after a
# higher one. Each appending transaction therefore shows, in a lock that hinders nobody, the last
# number given before its own; numbers up to the lowest floor shown are settled (settled.py).
# The setting, like the lock, is undone when a savepoint is rolled back.
_POSTGRESQL_FLOOR = """
CREATE OR REPLACE FUNCTION append_only_floor() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  floor_seq bigint;
  shown text := 'gongyu.floor_' || TG_TABLE_NAME;
BEGIN
  IF coalesce(current_setting(shown, true), '') = '' THEN
    -- No text made into a statement: that would be planned anew for every row.
    floor_seq := coalesce(pg_sequence_last_value(
      pg_get_serial_sequence(quote_ident(TG_TABLE_NAME), 'seq')::regclass), 0);
    PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint * 281474976710656 + floor_seq);
    PERFORM set_config(shown, floor_seq::text, true);
  END IF;
  RETURN NULL;
END $$
"""

_POSTGRESQL_SHOW_FLOOR = """
CREATE TRIGGER {prefix}{table}_floor BEFORE INSERT ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION append_only_floor({number})
"""


def append_only(
    table: str,
    *,
    key: str = "seq",
    unique: tuple[tuple[str, ...], ...] = (),
    number: int | None = None,
) -> migrations.RunPython:
    """The migration operation that makes a table append-only.

    `key` is its primary key and `unique` its other unique sets of columns; `number` (1–30000, one a table)
    is given where rows are sealed, so that transactions show which numbers are still open.
    """
    return migrations.RunPython(
        partial(_set, table=table, unique=((key,), *unique), number=number),
        partial(_lift, table=table),
    )


def _set(
    apps, schema_editor, *, table: str, unique: tuple[tuple[str, ...], ...], number: int | None
) -> None:
    names = {"prefix": PREFIX, "table": table, "number": number}
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            _run(schema_editor, _SQLITE_CHANGE.format(verb=verb, **names))
        clash = " OR ".join(_clash(table, columns) for columns in unique)
        _run(schema_editor, _SQLITE_REPLACE.format(clash=clash, **names))
        return
    _run(schema_editor, _POSTGRESQL_REFUSE)
    _run(schema_editor, _POSTGRESQL_CHANGE.format(**names))
    if number is not None:
        _run(schema_editor, _POSTGRESQL_FLOOR)
        _run(schema_editor, _POSTGRESQL_SHOW_FLOOR.format(**names))


def floor_without_text(apps, schema_editor) -> None:
    """For a migration: databases made before have the function as it was written then."""
    if schema_editor.connection.vendor == "postgresql":
        _run(schema_editor, _POSTGRESQL_FLOOR)


def _clash(table: str, columns: tuple[str, ...]) -> str:
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
    return f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608


def _lift(apps, schema_editor, *, table: str) -> None:
    sqlite = schema_editor.connection.vendor == "sqlite"
    parts = ("UPDATE", "DELETE", "replace") if sqlite else ("change", "floor")
    for part in parts:
        where = "" if sqlite else f' ON "{table}"'
        _run(schema_editor, f"DROP TRIGGER IF EXISTS {PREFIX}{table}_{part}{where}")


def _run(schema_editor, statement: str) -> None:
    # Without parameters, so that a percent sign stays itself.
    schema_editor.execute(statement, params=None)
