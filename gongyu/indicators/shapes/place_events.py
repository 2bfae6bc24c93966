"""Count in period, over places: enough events of a school (a town, the city) in its period?"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .states import first_of, result
from .subjects import places_of_rule
from .tables import Tables, standing


def place_events(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each place that stands on the day; `tally` is the facts of the rule's kinds about
    it, from its period's first day up to the day."""
    subjects = places_of_rule(tables, rule, at)
    events = _events(tables, rule, at)
    inside = events.join(subjects, events.about_id == subjects.subject_id)
    inside = inside.filter((inside.held_on >= inside.first) & (inside.held_on < inside.until))
    counted = inside.group_by("about_id").aggregate(
        events=inside.count(), event_seqs=inside.event_seq.cast("string").group_concat(",")
    )
    rows = subjects.left_join(counted, subjects.subject_id == counted.about_id)
    return result(_judge(rows, rule, at), rule, "place")


def _events(tables: Tables, rule: Rule, at: Moment) -> Table:
    kinds = [standing(tables.facts, kind) for kind in rule.fact_kinds]
    events = ibis.union(*kinds) if len(kinds) > 1 else kinds[0]
    events = events.filter(events.on_day <= at.as_of)
    return events.select(about_id="place_id", held_on="on_day", event_seq="seq")


def _judge(rows: Table, rule: Rule, at: Moment) -> Table:
    events = rows.events.fill_null(0)
    judged = rule.judged and rule.threshold is not None
    met = events >= rows.threshold
    too_young = rows.open_days * 100 < (rows.until - rows.first) * rule.param("min_open_percent", 0)
    not_begun = rows.first > at.as_of
    over = rows.until <= at.as_of
    near = rows.until - at.as_of <= rule.param("at_risk_days", 0)
    state = first_of(
        (not judged, "not_applicable"),
        (met, "met"),
        (not_begun, "not_due"),
        (too_young, "not_applicable"),
        (over, "missed"),
        (near, "at_risk"),
        otherwise="in_progress",
    )
    reason = first_of(
        (met, "enough"),
        (not_begun, "not_begun"),
        (too_young, "opened_too_late"),
        (events > 0, "too_few"),
        otherwise="none_yet",
    )
    return rows.select(
        subject_id=rows.subject_id,
        place_id=rows.subject_id,
        state=state,
        reason=reason,
        tally=events,
        fact_seqs=rows.event_seqs,
    )
