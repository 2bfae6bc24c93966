"""The tree's closure, worked out by the database in one statement.

A row says on which days a place stood below an ancestor; a gap or a closed parent ends it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import connection, transaction
from django.db.models import Model

from .models import Containment, Place, Placement

# Stands for "still open" inside the statement, so that days can be compared.
FAR = date(9999, 12, 31)
BATCH = 2_000

_CLOSURE = """
INSERT INTO {containment}
    (place_id, place_kind, ancestor_id, ancestor_kind, from_on, until_on)
WITH RECURSIVE up (place_id, place_kind, ancestor_id, ancestor_kind, from_on, until_on) AS (
    SELECT id, kind, id, kind, from_on, COALESCE(until_on, %(far)s)
    FROM {place} {which}
  UNION ALL
    SELECT up.place_id, up.place_kind, parent.id, parent.kind,
        CASE WHEN up.from_on >= stay.from_on AND up.from_on >= parent.from_on THEN up.from_on
             WHEN stay.from_on >= parent.from_on THEN stay.from_on
             ELSE parent.from_on END,
        CASE WHEN up.until_on <= COALESCE(stay.until_on, %(far)s)
              AND up.until_on <= COALESCE(parent.until_on, %(far)s) THEN up.until_on
             WHEN COALESCE(stay.until_on, %(far)s) <= COALESCE(parent.until_on, %(far)s)
             THEN COALESCE(stay.until_on, %(far)s)
             ELSE COALESCE(parent.until_on, %(far)s) END
    FROM up
    JOIN {placement} stay ON stay.place_id = up.ancestor_id
    JOIN {place} parent ON parent.id = stay.parent_id
    WHERE stay.from_on < up.until_on AND up.from_on < COALESCE(stay.until_on, %(far)s)
      AND parent.from_on < up.until_on AND up.from_on < COALESCE(parent.until_on, %(far)s)
      AND parent.from_on < COALESCE(stay.until_on, %(far)s)
      AND stay.from_on < COALESCE(parent.until_on, %(far)s)
),
marked AS (
    SELECT up.*, CASE WHEN LAG(until_on) OVER (
        PARTITION BY place_id, ancestor_id ORDER BY from_on) >= from_on THEN 0 ELSE 1 END AS fresh
    FROM up
),
grouped AS (
    SELECT marked.*, SUM(fresh) OVER (
        PARTITION BY place_id, ancestor_id ORDER BY from_on ROWS UNBOUNDED PRECEDING) AS island
    FROM marked
)
SELECT place_id, place_kind, ancestor_id, ancestor_kind,
    MIN(from_on), NULLIF(MAX(until_on), %(far)s)
FROM grouped
GROUP BY place_id, place_kind, ancestor_id, ancestor_kind, island
"""


@transaction.atomic
def rebuild(place_ids: Collection[int] | None = None) -> int:
    """Rebuild the closure of these places and all that ever stood below them; of all when None.

    Returns the number of places rebuilt. The tree has no circles, because a parent's kind always
    comes before its child's (`rules.PARENTS_OF`).
    """
    if place_ids is None:
        Containment.objects.all()._raw_delete(using=connection.alias)
        _weigh(Place, Placement)
        _insert(None)
        _weigh(Containment)
        return Place.objects.count()
    everything = sorted(with_all_below(place_ids))
    if len(everything) > BATCH:
        _weigh(Place, Placement)
    for start in range(0, len(everything), BATCH):
        batch = everything[start : start + BATCH]
        Containment.objects.filter(place__in=batch)._raw_delete(using=connection.alias)
        _insert(batch)
    if len(everything) > BATCH:
        _weigh(Containment)
    return len(everything)


def _weigh(*models: type[Model]) -> None:
    # PostgreSQL's planner, while it counts a table as it was before the new rows, walks them all
    # for each place, for minutes: what is read is weighed before, what was written after.
    # SQLite's does well without counts, and badly with counts from when there was less.
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def with_all_below(place_ids: Collection[int]) -> set[int]:
    """These places and all places that stood below them on any day, by the placements."""
    found, front = set(place_ids), set(place_ids)
    while front:
        below: set[int] = set()
        ids = sorted(front)
        for start in range(0, len(ids), BATCH):
            stays = Placement.objects.filter(parent__in=ids[start : start + BATCH])
            below.update(stays.values_list("place_id", flat=True))
        front = below - found
        found |= front
    return found


def _insert(batch: list[int] | None) -> None:
    names = {
        "containment": Containment._meta.db_table,
        "place": Place._meta.db_table,
        "placement": Placement._meta.db_table,
        # Ids are our own integers; a list in the text keeps clear of SQLite's variable limit.
        "which": "" if batch is None else f"WHERE id IN ({','.join(map(str, map(int, batch)))})",
    }
    far = connection.ops.adapt_datefield_value(FAR)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSURE.format(**names), {"far": far})
