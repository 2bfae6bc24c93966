"""Where places stand in the tree as of a day, and how states add up to figures along it."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from .states import STATES
from .tables import Tables

LEVELS = ("class", "campus", "school", "town", "district", "city")


def ancestors_on(tables: Tables, day: int) -> Table:
    """place_id, ancestor_id, ancestor_kind: where each place stands on the day, itself included.

    A place that has closed stays where it last stood, so that its figures keep their place.
    """
    held = tables.containments
    held = held.filter(held.ancestor_kind.isin(LEVELS) & (held.from_day <= day))
    newest_first = ibis.window(
        group_by=["place_id", "ancestor_kind"],
        order_by=[ibis.desc("from_day"), ibis.desc("ancestor_id")],
    )
    ranked = held.mutate(rank=ibis.row_number().over(newest_first))
    latest = ranked.filter(ranked["rank"] == 0)
    return latest.select("place_id", "ancestor_id", "ancestor_kind")


def figures(tables: Tables, states: Table, day: int) -> Table:
    """Counts by place and level: duty, period_key, place_id, place_kind, one column a state,
    subjects, tally. `states` has the columns of RESULT."""
    keys = ["duty", "period_key", "place_id"]
    own = states.group_by(*keys).aggregate(
        **{state: (states.state == state).sum() for state in STATES},
        subjects=states.count(),
        tally=states.tally.sum().cast("int64"),
    )
    # Adding up first and walking the tree afterwards touches places, not children.
    above = ancestors_on(tables, day)
    placed = own.join(above, "place_id")
    numbers = (*STATES, "subjects", "tally")
    rows = placed.group_by("duty", "period_key", "ancestor_id", "ancestor_kind").aggregate(
        **{name: placed[name].sum().cast("int64") for name in numbers}
    )
    return rows.rename(place_id="ancestor_id", place_kind="ancestor_kind")
