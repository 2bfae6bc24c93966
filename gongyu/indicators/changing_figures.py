"""Changes the figures of a refresh that are in force: counts by their differences, and then which
cells are hidden, which follows from all of them."""

# ruff: noqa: S608 - names of columns are ours, values travel as parameters.
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from gongyu.plan.model import Plan

from .hiding import hidden_places
from .models import CELLS, Figure, Refresh
from .publishing import PUBLISHED_KINDS, counts_people
from .rule import Rule

_COUNTS = (*CELLS, "tally")
_HIDDEN = ("hidden_inside", "hidden_public")
_AT_ONCE = 900  # below the parameter limit of every SQLite
_BULK = 2_000
_IN_TEXT = 10_000  # ids in one statement, well below its longest text


@dataclass(frozen=True)
class FigureChange:
    """How much more a place counts; `by` has a number for each of CELLS, and one for the tally."""

    place_id: int
    place_kind: str
    by: Sequence[int]


def change_figures(
    refresh: Refresh,
    rule: Rule,
    changes: Sequence[FigureChange],
    parents: dict[int, int | None],
    plan: Plan,
) -> None:
    """Add the differences to one rule's figures; a place left without subjects has no figure. Must
    run inside a transaction."""
    if not changes:
        return
    own = Figure.objects.filter(refresh=refresh, duty=rule.duty, period_key=rule.period_key)
    there = _figures_of(refresh, rule, [change.place_id for change in changes])
    changed, fresh, empty = [], [], []
    for change in changes:
        pk, counts = there.get(change.place_id, (None, (0,) * len(_COUNTS)))
        new = tuple(map(sum, zip(counts, change.by, strict=True)))
        if pk is None:
            fresh.append(_figure(refresh, rule, change, new))
        elif new[len(CELLS) - 1] == 0:
            empty.append(pk)
        else:
            changed.append((pk, *new))
    _update(_COUNTS, changed)
    Figure.objects.bulk_create(fresh, batch_size=_BULK)
    for start in range(0, len(empty), _AT_ONCE):
        Figure.objects.filter(pk__in=empty[start : start + _AT_ONCE]).delete()
    _hide_again(own, refresh, rule, parents, plan)


def _figures_of(
    refresh: Refresh, rule: Rule, place_ids: list[int]
) -> dict[int, tuple[int, tuple[int, ...]]]:
    """{place id: (the figure's id, its counts)} of the places that have one."""
    found = {}
    with connection.cursor() as cursor:
        for start in range(0, len(place_ids), _IN_TEXT):
            # Ids are our own integers. As parameters, looked at one by one, they cost more than
            # the rows that they find.
            ids = ",".join(map(str, map(int, place_ids[start : start + _IN_TEXT])))
            cursor.execute(
                f"SELECT id, place_id, {', '.join(_COUNTS)} FROM {Figure._meta.db_table} "
                f"WHERE refresh_id = %s AND duty = %s AND period_key = %s AND place_id IN ({ids})",
                [refresh.pk, rule.duty, rule.period_key],
            )
            for pk, place, *counts in cursor.fetchall():
                found[place] = pk, tuple(counts)
    return found


def _figure(refresh: Refresh, rule: Rule, change: FigureChange, counts: Iterable[int]) -> Figure:
    return Figure(
        refresh=refresh,
        duty=rule.duty,
        period_key=rule.period_key,
        place_id=change.place_id,
        place_kind=change.place_kind,
        **dict(zip(_COUNTS, counts, strict=True)),
    )


def _hide_again(own, refresh: Refresh, rule: Rule, parents, plan: Plan) -> None:
    """One small cell more may hide others far away, so all published places are looked at."""
    if not counts_people(rule):
        return
    published = own.filter(place_kind__in=PUBLISHED_KINDS).order_by("place_id")
    was: set[tuple[int, int, int]] = set()
    counts, pks = {}, {}
    for pk, place, inside, public, *values in published.values_list(
        "pk", "place_id", *_HIDDEN, *CELLS
    ):
        was.add((pk, inside, public))
        pks[place] = pk
        counts[place] = tuple(values)
    hidden = hidden_places(counts, rule, parents, refresh, plan)
    now = (
        (pk, hidden.inside.get(place, 0), hidden.public.get(place, 0)) for place, pk in pks.items()
    )
    _update(_HIDDEN, [row for row in now if row not in was])


def _update(columns: Sequence[str], rows: list[tuple]) -> None:
    """Set columns of figures; each row is the figure's id and the values."""
    if not rows:
        return
    table = Figure._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sets = ", ".join(f"{name} = new.{name}" for name in columns)
            arrays = ", ".join(["%s::bigint[]"] * (len(columns) + 1))
            cursor.execute(
                f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS new(id, {', '.join(columns)}) "
                f"WHERE {table}.id = new.id",
                [list(column) for column in zip(*rows, strict=True)],
            )
            return
        sets = ", ".join(f"{name} = %s" for name in columns)
        cursor.executemany(
            f"UPDATE {table} SET {sets} WHERE id = %s", [(*row[1:], row[0]) for row in rows]
        )
