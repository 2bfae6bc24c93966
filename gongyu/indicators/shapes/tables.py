"""The tables that every shape reads, and the two steps all take: what stands, and disjoint days."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
from ibis.expr.types import BooleanValue, IntegerColumn, IntegerValue, Table

# Days are proleptic ordinals (`date.toordinal()`); a null until_day is an interval without end.
FACTS = {
    "seq": "int64",
    "kind": "string",
    "subject_type": "string",
    "subject_id": "int64",
    "place_id": "int64",
    "on_day": "int64",
    "until_day": "int64",
    "actor_id": "int64",
    "actor_post_id": "int64",
    "status": "string",
    "detail": "string",
    "quantity": "int64",
    "supersedes_id": "int64",
}
CONTAINMENTS = {
    "place_id": "int64",
    "place_kind": "string",
    "ancestor_id": "int64",
    "ancestor_kind": "string",
    "from_day": "int64",
    "until_day": "int64",
}
CLASSES = {
    "place_id": "int64",
    "school_id": "int64",
    "school_year": "int64",
    "stage": "string",
    "grade": "int64",
}
SCHOOLS = {"place_id": "int64", "kind": "string"}

# Later than any day that a date can say, so that an open end compares like any other.
FAR = 4_000_000


@dataclass(frozen=True)
class Tables:
    """The four tables with the schemas above, bound to a database or not."""

    facts: Table
    containments: Table
    classes: Table
    schools: Table


def unbound() -> Tables:
    """Tables of no database, for expressions that are compiled to SQL text."""
    return Tables(
        facts=ibis.table(FACTS, name="facts"),
        containments=ibis.table(CONTAINMENTS, name="containments"),
        classes=ibis.table(CLASSES, name="classes"),
        schools=ibis.table(SCHOOLS, name="schools"),
    )


def above() -> Table:
    """Pairs of each place with the places above it; see `ancestors.ancestors_on`."""
    columns = {"place_id": "int64", "ancestor_id": "int64", "ancestor_kind": "string"}
    return ibis.table(columns, name="above")


def stored_states() -> Table:
    """One rule's states that were stored; see `states.RESULT`. Only what is added up."""
    columns = {"place_id": "int64", "state": "string", "tally": "int64"}
    return ibis.table(columns, name="states")


def standing(facts: Table, kind: str) -> Table:
    """The facts of a kind that count: not superseded, not retracted, `until` never null."""
    replaced = facts.filter(facts.supersedes_id.notnull()).select(replaced=facts.supersedes_id)
    mine = facts.filter(facts.kind == kind)
    kept = mine.anti_join(replaced, mine.seq == replaced.replaced)
    kept = kept.filter(kept.quantity > 0)
    return kept.mutate(until=kept.until_day.fill_null(FAR)).drop(
        "kind", "until_day", "supersedes_id"
    )


def later(one: IntegerValue, other: IntegerValue | int) -> IntegerValue:
    """The later of two days. `greatest` is not used: databases differ on it."""
    return ibis.ifelse(one > other, one, other)


def earlier(one: IntegerValue, other: IntegerValue | int) -> IntegerValue:
    """The earlier of two days."""
    return ibis.ifelse(one < other, one, other)


def holds_on(table: Table, day: IntegerValue | int) -> BooleanValue:
    """Whether a row's [on_day, until) covers the day."""
    return (table.on_day <= day) & (table.until > day)


def disjoint(table: Table, keys: list[str]) -> Table:
    """The same days per key as [on_day, until), no day twice.

    Each row is cut where an earlier one already reaches; rows with nothing left fall away.
    """
    order = [table.on_day, table.until]
    before = ibis.window(group_by=keys, order_by=order, preceding=(None, 1))
    reached: IntegerColumn = table.until.max().over(before).fill_null(0)
    cut = table.mutate(reached=reached)
    cut = cut.select(*keys, on_day=later(cut.on_day, cut.reached), until=cut.until)
    return cut.filter(cut.on_day < cut.until)
