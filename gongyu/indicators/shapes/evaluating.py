"""One door to the six shapes: which expression answers for a duty."""

from __future__ import annotations

from ibis.expr.types import Table

from ..rule import Moment, Rule
from .child_visits import child_visits
from .closed_in_time import closed_in_time
from .committees import committee_events
from .delivered import delivered
from .leader_visits import leader_visits
from .place_events import place_events
from .share_covered import share_covered
from .standing_on_day import standing_on_day
from .tables import Tables
from .tally import tally


def _count_in_period(tables: Tables, rule: Rule, at: Moment) -> Table:
    by_subject = {
        "child": child_visits,
        "staff": leader_visits,
        "parent_committee": committee_events,
    }
    return by_subject.get(rule.subject, place_events)(tables, rule, at)


SHAPES = {
    "count_in_period": _count_in_period,
    "standing_on_day": standing_on_day,
    "closed_in_time": closed_in_time,
    "delivered": delivered,
    "tally": tally,
    "share_covered": share_covered,
}


def evaluate(tables: Tables, rule: Rule, at: Moment) -> Table:
    """The state of every subject of a duty in a period as of a day (an ordinal).

    Pure: an expression over the tables with the columns of `states.RESULT`; `fact_seqs` is text,
    numbers parted by commas. Raises KeyError for a shape that no evaluator computes.
    """
    return SHAPES[rule.shape](tables, rule, at)
