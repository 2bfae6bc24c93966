"""The application's own tables as the shapes want them: SQL that turns dates into day numbers."""

from __future__ import annotations

from django.db import connection

# Day 1 of the proleptic calendar, as SQLite's Julian day; `date.toordinal()` counts from there.
_SQLITE_EPOCH = "1721424.5"

# The columns of the shapes' facts, in order.
FACT_NAMES = (
    "seq",
    "kind",
    "subject_type",
    "subject_id",
    "place_id",
    "on_day",
    "until_day",
    "actor_id",
    "actor_post_id",
    "status",
    "detail",
    "quantity",
    "supersedes_id",
)


def day_number(column: str, vendor: str = "") -> str:
    """SQL for the ordinal of a date column, null where it is null."""
    if (vendor or connection.vendor) == "postgresql":
        return f"CAST({column} - DATE '0001-01-01' + 1 AS bigint)"
    return f"CAST(julianday({column}) - {_SQLITE_EPOCH} AS integer)"


def fact_columns(alias: str = "f", vendor: str = "") -> str:
    """The columns of the shapes' facts, in order, selected from ledger_fact."""
    plain = {
        "on_day": day_number(f"{alias}.on_date", vendor),
        "until_day": day_number(f"{alias}.until_date", vendor),
    }
    return ", ".join(f"{plain.get(n, f'{alias}.{n}')} AS {n}" for n in FACT_NAMES)


def containment_columns(alias: str = "c", vendor: str = "") -> str:
    """The columns of the shapes' containments, in order, selected from places_containment."""
    since = day_number(f"{alias}.from_on", vendor)
    until = day_number(f"{alias}.until_on", vendor)
    return (
        f"{alias}.place_id AS place_id, {alias}.place_kind AS place_kind, "
        f"{alias}.ancestor_id AS ancestor_id, {alias}.ancestor_kind AS ancestor_kind, "
        f"{since} AS from_day, {until} AS until_day"
    )


CLASS_COLUMNS = "place_id, school_id, school_year, stage, grade"
SCHOOL_COLUMNS = "place_id, kind"
