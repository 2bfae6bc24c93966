"""Where places stand in the tree as of a day, and how states add up to figures along it."""

from __future__ import annotations

from functools import reduce

import ibis
from ibis.expr.types import Table

from .states import STATES
from .tables import FAR, Tables

# From below upwards; a place stands under the nearest of the levels above its own.
LEVELS = ("class", "campus", "school", "community", "town", "district", "city")


def parents_on(tables: Tables, day: int) -> Table:
    """place_id, place_kind, parent_id (null for the city) of the places of LEVELS on the day.

    A place that has closed stays where it last stood, and goes wherever that place goes; one that
    is still to open stands where it will first stand.
    """
    held = tables.containments
    held = held.filter(held.place_kind.isin(LEVELS) & held.ancestor_kind.isin(LEVELS))
    held = held.mutate(
        distance=ibis.ifelse(held.from_day <= day, day - held.from_day, FAR + held.from_day)
    )
    nearest_first = ibis.window(
        group_by=["place_id", "ancestor_kind"],
        order_by=["distance", ibis.desc("ancestor_id")],
    )
    ranked = held.mutate(rank=ibis.row_number().over(nearest_first))
    latest = ranked.filter(ranked["rank"] == 0)
    levels = latest.group_by("place_id", "place_kind").aggregate(
        **{
            f"{level}_id": latest.ancestor_id.max(where=latest.ancestor_kind == level)
            for level in LEVELS
        }
    )
    nearest = [
        (levels.place_kind == level, ibis.coalesce(*(levels[f"{n}_id"] for n in LEVELS[at + 1 :])))
        for at, level in enumerate(LEVELS[:-1])
    ]
    return levels.select(
        "place_id", "place_kind", parent_id=ibis.cases(*nearest, else_=ibis.null("int64"))
    )


def ancestors_on(tables: Tables, day: int) -> Table:
    """place_id, ancestor_id, ancestor_kind: every place with itself and all that it stands under."""
    parents = parents_on(tables, day)
    step = parents.select(below_id="place_id", ancestor_kind="place_kind", above_id="parent_id")
    at = parents.select(
        "place_id",
        ancestor_id="place_id",
        ancestor_kind="place_kind",
        next_id="parent_id",
    )
    rungs = [at]
    for _ in LEVELS[1:]:
        up = at.select("place_id", ancestor_id="next_id")
        climbed = up.join(step, up.ancestor_id == step.below_id)
        at = climbed.select("place_id", "ancestor_id", "ancestor_kind", next_id="above_id")
        rungs.append(at)
    return reduce(ibis.union, rungs).drop("next_id")


def levels_above(above: Table) -> Table:
    """The same, one row a place: place_id with class_id, campus_id, school_id … city_id."""
    return above.group_by("place_id").aggregate(
        **{
            f"{level}_id": above.ancestor_id.max(where=above.ancestor_kind == level)
            for level in LEVELS
        }
    )


def figures(states: Table, above: Table) -> Table:
    """Counts by place and level: place_id, place_kind, one column a state, subjects, tally. `states`
    are those of one rule, with the columns of RESULT; `above` has those of ancestors_on."""
    # Counting millions of states once, each under its word, costs a third of asking nine times of
    # each whether it is this one.
    counted = states.group_by("place_id", "state").aggregate(
        subjects=states.count(), tally=states.tally.sum().cast("int64")
    )
    own = counted.group_by("place_id").aggregate(
        **{
            # There is one row a state, and of numbers the largest is found faster than their sum.
            state: counted.subjects.max(where=counted.state == state).fill_null(0)
            for state in STATES
        },
        subjects=counted.subjects.sum(),
        tally=counted.tally.sum(),
    )
    # Adding up first and walking the tree afterwards touches places, not children.
    placed = own.join(above, "place_id")
    numbers = (*STATES, "subjects", "tally")
    rows = placed.group_by("ancestor_id", "ancestor_kind").aggregate(
        **{name: placed[name].sum().cast("int64") for name in numbers}
    )
    return rows.rename(place_id="ancestor_id", place_kind="ancestor_kind")
