"""What a connection to PostgreSQL keeps, and how a request learns that it still stands."""

from __future__ import annotations

import select
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


def _says_something(connection: Any) -> bool:
    if connection.closed:
        return True
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    return bool(watch.poll(0))
