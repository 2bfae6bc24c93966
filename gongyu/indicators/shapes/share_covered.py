"""Coverage with a share: which units are covered on the day, and whether the share is reached."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .ancestors import ancestors_on
from .standing_on_day import entries_in_force
from .states import first_of
from .tables import Tables


def share_covered(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each unit that stands on the day: met when a register entry holds on it."""
    return entries_in_force(tables, rule, at)


def shares(tables: Tables, rule: Rule, at: Moment) -> Table:
    """The test of the share for each place of the levels in the parameter `levels_tested`: place_id,
    place_kind, units, covered, unknown, missing (how many more are needed), state.

    The threshold is a percentage of all units; a unit about which nothing is known is not covered,
    and as long as such units could still tip the balance the state is unknown, not missed.
    """
    units = share_covered(tables, rule, at)
    above = ancestors_on(tables, at.day)
    above = above.filter(above.ancestor_kind.isin(rule.param("levels_tested", ("city",))))
    placed = units.join(above, "place_id")
    rows = placed.group_by(place_id="ancestor_id", place_kind="ancestor_kind").aggregate(
        units=placed.count(),
        covered=(placed.state == "met").sum(),
        unknown=(placed.state == "unknown").sum(),
    )
    percent = rule.threshold or 100
    # Ceiling division in whole numbers: 90 % of 11 units are 10 units.
    needed = (rows.units * percent + 99) // 100
    rows = rows.mutate(missing=ibis.ifelse(needed > rows.covered, needed - rows.covered, 0))
    state = first_of(
        (rows.missing == 0, "met"),
        (rows.missing <= rows.unknown, "unknown"),
        otherwise="missed",
    )
    return rows.mutate(state=state)
