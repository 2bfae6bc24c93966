"""A request finds a connection that works: the old one while it stands, a new one when it was cut."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from gongyu.ground.prepared.connections import STATEMENTS_KEPT, look_after, plan_for_the_values

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no connection that could be cut"
)


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@on_postgresql
def test_a_connection_that_stands_is_used_again_without_asking():
    before = _backend()
    connection.health_check_done = False
    with CaptureQueriesContext(connection) as queries:
        look_after()
    assert len(queries) == 0
    assert connection.health_check_done
    assert _backend() == before
    assert connection.connection.prepared_max == STATEMENTS_KEPT


@pytest.mark.django_db(transaction=True)
@on_postgresql
def test_a_connection_that_the_server_cut_is_replaced():
    before = _backend()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            # Returns when the other backend is gone.
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    finally:
        other.close()
    look_after()
    assert _backend() != before


@pytest.mark.django_db(transaction=True)
@on_postgresql
def test_who_reaches_widely_is_planned_for_until_the_next_request():
    connection.ensure_connection()
    look_after()
    kept = connection.connection.prepare_threshold
    assert kept is not None
    plan_for_the_values()
    assert connection.connection.prepare_threshold is None
    look_after()
    assert connection.connection.prepare_threshold == kept


@pytest.mark.django_db
def test_within_a_transaction_nothing_is_closed():
    connection.ensure_connection()
    look_after()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
