"""Count in period, over places: enough events of a school (a town, the city) in its period?"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .states import first_of, result
from .subjects import places_of_period, units_of_schools
from .tables import Tables, standing

PLANNED = ("activity.planned",)


def place_events(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each place that stood in its period by the day; `tally` is the facts of the
    rule's kinds about it, wherever they took place, from its period's first day up to the day.

    For a place that closes in mid-period the period ends with it. A plan whose day has passed
    without word leaves the end of a period unknown: nobody can say that nothing was held.
    """
    subjects = places_of_period(tables, rule, at)
    held = _within(_events(tables, rule, rule.fact_kinds), subjects)
    held = held.filter(held.held_on <= at.as_of)
    plans = _within(_events(tables, rule, PLANNED), subjects)
    plans = plans.mutate(is_past=(plans.held_on < at.as_of).cast("int32"))
    counted = held.group_by("about_id").aggregate(
        events=held.count(), event_seqs=held.event_seq.cast("string").group_concat(",")
    )
    planned = plans.group_by(planned_id="about_id").aggregate(
        plans=plans.count(), without_word=plans.is_past.sum()
    )
    rows = subjects.left_join(counted, subjects.subject_id == counted.about_id)
    rows = rows.mutate(least=rows.events.fill_null(0))
    rows = rows.left_join(planned, rows.subject_id == planned.planned_id)
    if rule.subject == "school" and rule.param("school_unit") == "campus":
        rows = _by_units(rows, units_of_schools(tables, rule, subjects), held, plans)
    return result(_judge(rows, rule, at))


def _by_units(rows: Table, units: Table, held: Table, plans: Table) -> Table:
    """The rows of schools of several units as each unit for itself has them: `least` is the number
    of the unit with the fewest, plans are those of the units that still lack something."""
    own = held.group_by(held_unit="place_id").aggregate(own_events=held.count())
    told = plans.group_by(told_unit="place_id").aggregate(
        own_plans=plans.count(), own_silent=plans.is_past.sum()
    )
    each = units.left_join(own, units.unit_id == own.held_unit)
    each = each.left_join(told, each.unit_id == told.told_unit)
    number = each.own_events.fill_null(0)
    lacks = number < each.asked
    of_school = each.group_by("school_id").aggregate(
        fewest=number.min(),
        lacking_plans=ibis.ifelse(lacks, each.own_plans.fill_null(0), 0).sum(),
        lacking_word=ibis.ifelse(lacks, each.own_silent.fill_null(0), 0).sum(),
    )
    rows = rows.left_join(of_school, rows.subject_id == of_school.school_id)
    return rows.mutate(
        least=ibis.coalesce(rows.fewest, rows.least),
        plans=ibis.coalesce(rows.lacking_plans, rows.plans),
        without_word=ibis.coalesce(rows.lacking_word, rows.without_word),
    )


def _events(tables: Tables, rule: Rule, fact_kinds: tuple[str, ...]) -> Table:
    kinds = [standing(tables.facts, kind) for kind in fact_kinds]
    events = ibis.union(*kinds) if len(kinds) > 1 else kinds[0]
    events = events.filter(events.subject_type == "place")
    if rule.param("activity_kinds"):
        events = events.filter(events.status.isin(rule.param("activity_kinds")))
    # The place of an event may be a campus; the school that answers for it is its subject.
    return events.select("place_id", about_id="subject_id", held_on="on_day", event_seq="seq")


def _within(events: Table, subjects: Table) -> Table:
    inside = events.join(subjects, events.about_id == subjects.subject_id)
    return inside.filter((inside.held_on >= inside.first) & (inside.held_on < inside.until))


def _judge(rows: Table, rule: Rule, at: Moment) -> Table:
    events = rows.events.fill_null(0)
    without_word = rows.without_word.fill_null(0) > 0
    judged = rule.judged and rule.threshold is not None
    met = rows.least >= rows.threshold
    too_short = rows.open_days * 100 < (rows.until - rows.first) * rule.param("min_open_percent", 0)
    not_begun = rows.first > at.as_of
    over = rows.ends <= at.as_of
    near = rows.ends - at.as_of <= rule.param("at_risk_days", 0)
    state = first_of(
        (not judged, "not_applicable"),
        (met, "met"),
        (not_begun, "not_due"),
        (too_short, "not_applicable"),
        (over & without_word, "unknown"),
        (over, "missed"),
        (near, "at_risk"),
        otherwise="in_progress",
    )
    reason = first_of(
        (met, "enough"),
        (not_begun, "not_begun"),
        (too_short, "opened_too_late"),
        (without_word, "no_word_yet"),
        (~over & (rows.plans.fill_null(0) > 0), "planned"),
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
