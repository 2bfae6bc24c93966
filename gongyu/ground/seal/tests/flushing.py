"""Between transactional tests the tables are emptied; only here are the triggers lifted for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.operations import BaseDatabaseOperations

from gongyu.ground.seal.triggers import PREFIX

_ON_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s"
_ON_POSTGRESQL = (
    "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s"
    " AND NOT tgisinternal"
)


@contextmanager
def triggers_lifted(connection) -> Iterator[None]:
    """Inside, rows of append-only tables can be removed; afterwards they cannot again."""
    sqlite = connection.vendor == "sqlite"
    # PostgreSQL alters no table whose foreign keys are still to be checked.
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(_ON_SQLITE if sqlite else _ON_POSTGRESQL, [PREFIX + "%"])
        found = cursor.fetchall()
        for [name, *_] in found:
            cursor.execute(
                f'DROP TRIGGER "{name}"' if sqlite else f"ALTER TABLE {name} DISABLE TRIGGER USER"
            )
    try:
        yield
    finally:
        connection.check_constraints()
        with connection.cursor() as cursor:
            for [name, *statement] in found:
                cursor.execute(
                    statement[0] if sqlite else f"ALTER TABLE {name} ENABLE TRIGGER USER"
                )


def let_tests_empty_append_only_tables() -> None:
    """Called once by the project's conftest."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_without_triggers(self, statements):
        with triggers_lifted(self.connection):
            flush(self, statements)

    BaseDatabaseOperations.execute_sql_flush = flush_without_triggers
