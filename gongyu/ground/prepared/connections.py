"""What a connection to PostgreSQL keeps, and how a request learns that it still stands."""

from __future__ import annotations

import select
from functools import lru_cache
from typing import Any

from django.core.signals import request_started
from django.db import connections
from django.db.backends.signals import connection_created

# The pages ask some three hundred different things; the driver itself would keep a hundred, and
# forget each before it comes again.
STATEMENTS_KEPT = 600


def connect() -> None:
    """Called once, when the apps are ready."""
    connection_created.connect(keep_statements, dispatch_uid="prepared.keep_statements")
    request_started.connect(look_after, dispatch_uid="prepared.look_after")


def keep_statements(connection: Any, **kwargs: Any) -> None:
    if connection.vendor == "postgresql":
        connection.connection.prepared_max = STATEMENTS_KEPT


def look_after(**kwargs: Any) -> None:
    """Before a request: a connection that the server closed is replaced, one that stands is used.

    Django would ask `SELECT 1` first. Nobody sends anything on a connection at rest, so whatever can
    be read there is its end; Django is told that the check was made.
    """
    for one in connections.all(initialized_only=True):
        if one.vendor != "postgresql" or one.connection is None or one.in_atomic_block:
            continue
        if _says_something(one.connection):
            one.close()
        else:
            one.health_check_done = True
            one.connection.prepare_threshold = one.settings_dict["OPTIONS"].get("prepare_threshold")


def plan_for_the_values() -> None:
    """For the rest of this request PostgreSQL plans each statement for the values that it is given.

    A plan that is kept is made for a place of average size, and takes three times as long for one
    that holds nearly everything.
    """
    one = connections["default"]
    if one.vendor == "postgresql" and one.connection is not None:
        one.connection.prepare_threshold = None


def fetched(connection: Any, sql: str, params: list) -> list[tuple]:
    """All rows of a question. On PostgreSQL its parameters travel apart from the SQL, so that it is
    planned once, and it is asked by a cursor that each connection keeps: making one, with what it
    learns of types, takes longer than sending a short question."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()
    connection.ensure_connection()
    if connection.queries_logged or connection.execute_wrappers:
        # Whoever counts or logs questions is told of this one too.
        with connection.wrap_database_errors, _watched_cursor(connection) as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor = _kept_cursor(connection.connection)
        try:
            cursor.execute(sql, params)
            return cursor.fetchall()
        finally:
            cursor.let_go()


def _watched_cursor(connection: Any) -> Any:
    from django.db.backends.postgresql.base import ServerBindingCursor

    return connection._prepare_cursor(ServerBindingCursor(connection.connection))


def _kept_cursor(connection: Any) -> Any:
    """The cursor of a driver's connection; it goes with it."""
    kept = connection.__dict__.get("_gongyu_cursor")
    if kept is None:
        kept = connection._gongyu_cursor = _cursor_class()(connection)
    return kept


@lru_cache(maxsize=1)
def _cursor_class() -> Any:
    # The driver is there only where PostgreSQL is.
    from django.db.backends.postgresql.base import ServerBindingCursor

    class KeptCursor(ServerBindingCursor):
        def let_go(self) -> None:
            """What was read is nobody's business once it was handed over."""
            self._reset()

    return KeptCursor


def _says_something(connection: Any) -> bool:
    if connection.closed:
        return True
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    return bool(watch.poll(0))
