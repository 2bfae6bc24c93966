"""Up to which number an append-only table is settled: nothing can appear there any more."""

from __future__ import annotations

from django.db import connection, models

# The lock that triggers.py takes: the table's number above 48 bits, a floor below them.
_LOWEST_FLOOR = """
SELECT min(shown & 281474976710655) FROM (
  SELECT (classid::bigint << 32) | objid::bigint AS shown FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 1
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid IS DISTINCT FROM pg_backend_pid()
) AS floors WHERE shown >> 48 = %s
"""


def settled_seq(model: type[models.Model]) -> int:
    """The highest number up to which every row is there and visible; 0 for none.

    SQLite has one writer at a time, so all that is visible is settled. On PostgreSQL numbers are
    given before commits: the last one given is read first, then the floors of the transactions
    still at work. Whoever shows no floor by then either has committed or takes higher numbers.
    Ask outside a repeatable-read transaction. Rows of one's own transaction count as settled.
    """
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        return model.objects.aggregate(last=models.Max("seq"))["last"] or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'seq')", [table])
        [sequence] = cursor.fetchone()
        cursor.execute(
            f"SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM {sequence}"  # noqa: S608
        )
        [given] = cursor.fetchone()
        cursor.execute(_LOWEST_FLOOR, [model.SEAL_NUMBER])
        [lowest] = cursor.fetchone()
    return given if lowest is None else min(given, lowest)
