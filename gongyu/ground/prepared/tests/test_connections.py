"""A request finds a connection that works: the old one while it stands, a new one when it was cut."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from gongyu.ground.prepared.connections import (
    STATEMENTS_KEPT,
    _kept_cursor,
    fetched,
    look_after,
    plan_for_the_values,
)


def _leaves_a_file_alone() -> bool:
    """On SQLite there is no server that could cut anything: the connection stays as it is."""
    if connection.vendor == "postgresql":
        return False
    connection.ensure_connection()
    before = connection.connection
    look_after()
    plan_for_the_values()
    assert connection.connection is before
    return True


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_stands_is_used_again_without_asking():
    if _leaves_a_file_alone():
        return
    before = _backend()
    connection.health_check_done = False
    with CaptureQueriesContext(connection) as queries:
        look_after()
    assert len(queries) == 0
    assert connection.health_check_done
    assert _backend() == before
    assert connection.connection.prepared_max == STATEMENTS_KEPT


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_cut_is_replaced():
    if _leaves_a_file_alone():
        return
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
def test_who_reaches_widely_is_planned_for_until_the_next_request():
    if _leaves_a_file_alone():
        return
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


@pytest.mark.django_db
def test_a_question_is_asked_by_the_kept_cursor_and_what_was_read_is_let_go():
    for n in (1, 2):
        assert fetched(connection, "SELECT %s", [str(n)]) == [(str(n),)]
    if connection.vendor == "postgresql":
        kept = _kept_cursor(connection.connection)
        assert kept is _kept_cursor(connection.connection)
        assert kept.pgresult is None
        assert kept._query is None


@pytest.mark.django_db(transaction=True)
def test_after_a_question_that_failed_the_next_one_is_answered():
    with pytest.raises(DatabaseError):
        fetched(connection, "SELECT nothing FROM nowhere", [])
    assert fetched(connection, "SELECT 'well'", []) == [("well",)]


@pytest.mark.django_db(transaction=True)
def test_in_a_broken_transaction_nothing_is_asked():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            fetched(connection, "SELECT 1", [])


@pytest.mark.django_db
def test_whoever_counts_questions_counts_these():
    with CaptureQueriesContext(connection) as queries:
        fetched(connection, "SELECT 1", [])
    assert len(queries) == 1
    told = []
    with connection.execute_wrapper(lambda ask, *rest: (told.append(1), ask(*rest))[1]):
        fetched(connection, "SELECT 1", [])
    assert told == [1]
