"""One class or school on the application's own database: the same expressions, as its own SQL.

A prelude of common table expressions gives the shapes their four tables, with dates as day numbers
and no more than the facts that can bear on the places asked for.
"""

# ruff: noqa: S608 - names of tables and columns are ours, values travel as parameters.
from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from gongyu.ground.prepared import fetched

from . import compiled
from .reading import (
    CLASS_COLUMNS,
    FACT_NAMES,
    SCHOOL_COLUMNS,
    containment_columns,
    fact_columns,
)
from .rule import Rule

# What a superseding fact from elsewhere may say here: only that it supersedes.
_BLANK = {
    "kind": "''",
    "subject_type": "''",
    "subject_id": "0",
    "place_id": "NULL",
    "on_day": "0",
    "until_day": "NULL",
    "actor_id": "NULL",
    "actor_post_id": "NULL",
    "status": "''",
    "detail": "''",
    "quantity": "0",
}


# What bears on one child. The number is bound as its column is, or no index would be asked.
_TABLES_OF_A_CHILD = {
    "children": "SELECT CAST(%s AS bigint) AS subject_id",
    "core": "SELECT seq FROM of_children UNION "
    "SELECT seq FROM ledger_fact "
    "WHERE kind = 'post.held' AND place_id IN (SELECT place_id FROM near)",
}


@dataclass(frozen=True, slots=True)
class StateRow:
    """The state of one subject. `fact_seqs` are the facts that decided, in ascending order."""

    subject_id: int
    place_id: int
    state: str
    reason: str
    tally: int
    fact_seqs: tuple[int, ...]


def states_of_places(rule: Rule, as_of: int, place_ids: list[int]) -> list[StateRow]:
    """The states of the subjects that belong to these places on the day (classes for children,
    schools for leaders and registers), read from the database as it is now."""
    if not place_ids:
        return []
    query = _query(rule, as_of, connection.vendor, len(place_ids) == 1)
    return [_row(row) for row in fetched(connection, query, [_value(place_ids)] * 2)]


def state_of_child(rule: Rule, as_of: int, class_id: int, child_id: int) -> StateRow | None:
    """What `states_of_places` says of one child of a class, from the facts that can bear on this
    child alone; None where the child does not belong to the class on the day. For rules over
    children."""
    query = _child_query(rule, as_of, connection.vendor)
    rows = fetched(connection, query, [class_id, child_id, class_id, child_id])
    return _row(rows[0]) if rows else None


def gaps_of_classes(rule: Rule, as_of: int, class_ids: list[int]) -> list[tuple[int, int, int]]:
    """(class, first day, first day after) of every gap without a class teacher, in order."""
    if not class_ids:
        return []
    query = _gap_query(rule, as_of, connection.vendor, len(class_ids) == 1)
    rows = fetched(connection, query, [_value(class_ids)] * 2)
    return [(int(a), int(b), int(c)) for a, b, c in rows]


def _row(row: tuple) -> StateRow:
    subject, place, state, reason, tally, seqs = row
    numbers = sorted(map(int, seqs.split(","))) if seqs else []
    return StateRow(subject, place, state, reason, int(tally or 0), tuple(numbers))


# A text is some thirty kilobytes: it is put together once a day, and PostgreSQL, which sees the same
# text for every class, plans it once.
@lru_cache(maxsize=32)
def _query(rule: Rule, as_of: int, vendor: str, single: bool) -> str:
    """SQL with placeholders for the place ids, which it takes twice."""
    return (
        f"WITH {_prelude(vendor, single)}, {_doubled(compiled.states(rule, as_of, vendor))} "
        "SELECT subject_id, place_id, state, reason, tally, fact_seqs FROM answer "
        f"WHERE place_id {_among(vendor, single)} ORDER BY place_id, subject_id"
    )


@lru_cache(maxsize=32)
def _child_query(rule: Rule, as_of: int, vendor: str) -> str:
    """SQL with placeholders for the class and the child, which it takes twice."""
    return (
        f"WITH {_prelude(vendor, True, of_child=True)}, "
        f"{_doubled(compiled.states(rule, as_of, vendor))} "
        "SELECT subject_id, place_id, state, reason, tally, fact_seqs FROM answer "
        "WHERE place_id = %s AND subject_id = %s"
    )


@lru_cache(maxsize=32)
def _gap_query(rule: Rule, as_of: int, vendor: str, single: bool) -> str:
    return (
        f"WITH {_prelude(vendor, single)}, {_doubled(compiled.gaps(rule, as_of, vendor))} "
        "SELECT place_id, from_day, until_day FROM answer "
        f"WHERE place_id {_among(vendor, single)} ORDER BY place_id, from_day"
    )


def _doubled(text: str) -> str:
    # A literal percent sign would be read as the beginning of a placeholder.
    return text.replace("%", "%%")


def _among(vendor: str, single: bool) -> str:
    """All ids in one parameter, so that there are two texts in all. One id is asked for as one: of a
    list PostgreSQL thinks that its length matters, and plans anew for every class."""
    if single:
        return "= %s"
    if vendor == "postgresql":
        return "= ANY(%s::bigint[])"
    return "IN (SELECT value FROM json_each(%s))"


def _value(place_ids: list[int]) -> int | list[int] | str:
    if len(place_ids) == 1:
        return place_ids[0]
    return place_ids if connection.vendor == "postgresql" else json.dumps(place_ids)


def _prelude(vendor: str, single: bool, *, of_child: bool = False) -> str:
    """The common table expressions; they take the place ids once, and then, `of_child`, the child.

    Bearing on a place are: the facts there or about it (of a school: of its classes too), all facts of
    children ever enrolled there, posts in every class that those children were in, and whatever
    supersedes one of these. On a child: its own facts and the posts in its classes.
    """
    blank = ", ".join(_BLANK.get(name, f"s.{name}") for name in FACT_NAMES)
    tables = {
        "asked": f"SELECT id AS place_id FROM places_place WHERE id {_among(vendor, single)}",
        "own": "SELECT place_id FROM asked UNION SELECT place_id FROM places_schoolclass "
        "WHERE school_id IN (SELECT place_id FROM asked)",
        "children": "SELECT DISTINCT subject_id FROM ledger_fact "
        "WHERE kind = 'enrolment' AND place_id IN (SELECT place_id FROM own)",
        "of_children": "SELECT seq, kind, place_id FROM ledger_fact "
        "WHERE subject_type = 'child' AND subject_id IN (SELECT subject_id FROM children)",
        "near": "SELECT place_id FROM own UNION "
        "SELECT place_id FROM of_children WHERE kind = 'enrolment'",
        "core": "SELECT seq FROM of_children UNION "
        "SELECT seq FROM ledger_fact WHERE place_id IN (SELECT place_id FROM own) UNION "
        # What a school answers for may have taken place on a campus.
        "SELECT seq FROM ledger_fact "
        "WHERE subject_type = 'place' AND subject_id IN (SELECT place_id FROM asked) UNION "
        "SELECT seq FROM ledger_fact "
        "WHERE kind = 'post.held' AND place_id IN (SELECT place_id FROM near)",
        # A fact from elsewhere that supersedes one of these takes it away and says nothing more.
        "facts": f"SELECT {fact_columns(vendor=vendor)} FROM ledger_fact f "
        "WHERE f.seq IN (SELECT seq FROM core) UNION ALL "
        f"SELECT {blank} FROM ledger_fact s WHERE s.supersedes_id IN (SELECT seq FROM core) "
        "AND s.seq NOT IN (SELECT seq FROM core)",
        "containments": f"SELECT {containment_columns(vendor=vendor)} "
        "FROM places_containment c WHERE c.place_id IN (SELECT place_id FROM near) OR "
        # The campuses of a school are asked one by one where the plan says so.
        "(c.ancestor_id IN (SELECT place_id FROM asked) AND c.place_kind = 'campus')",
        "classes": f"SELECT {CLASS_COLUMNS} FROM places_schoolclass WHERE place_id IN "
        "(SELECT place_id FROM near UNION SELECT place_id FROM facts)",
        "schools": f"SELECT {SCHOOL_COLUMNS} FROM places_school "
        "WHERE place_id IN (SELECT place_id FROM near)",
    }
    if of_child:
        tables |= _TABLES_OF_A_CHILD
    return ", ".join(f"{name} AS MATERIALIZED ({query})" for name, query in tables.items())
