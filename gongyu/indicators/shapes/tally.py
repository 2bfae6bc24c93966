"""Tally: what is encouraged is counted and never judged."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .child_visits import matched_visits
from .committees import committee_events
from .enrolled import enrolment_pieces
from .states import result
from .tables import Tables, standing


def tally(tables: Tables, rule: Rule, at: Moment) -> Table:
    """What the rule counts: what was done for families by place, committees' activities, or visits by
    child."""
    by_subject = {
        "communication": events_of_places,
        "family": events_of_places,
        "parent_committee": committee_events,
    }
    return by_subject.get(rule.subject, visits_of_children)(tables, rule, at)


def events_of_places(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each place whose families were contacted, invited or told; `tally` is the facts of
    the rule's kinds there within its period, up to the day: of every detail, or of those that the
    parameter `details` names. A place where nothing was written has no row, and no family ever has."""
    kinds = [standing(tables.facts, kind) for kind in rule.fact_kinds]
    facts = ibis.union(*kinds) if len(kinds) > 1 else kinds[0]
    if details := rule.param("details", ()):
        facts = facts.filter(facts.detail.isin(details))
    facts = facts.filter((facts.on_day >= rule.first) & (facts.on_day <= at.day))
    facts = facts.filter(facts.place_id.notnull())
    rows = facts.group_by("place_id").aggregate(
        tally=facts.count(), fact_seqs=facts.seq.cast("string").group_concat(",")
    )
    rows = rows.mutate(
        subject_id=rows.place_id,
        state=ibis.literal("not_applicable"),
        reason=ibis.literal("counted"),
    )
    return result(rows)


def visits_of_children(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each child visited in the rule's capacity, in the class where the child stands
    on the day; `tally` is the visits at a setting that counts. Children never visited have no row.
    """
    pieces = enrolment_pieces(tables, rule, at)
    visits = matched_visits(tables, pieces, rule, at)
    visits = visits.filter(visits.at_home)
    visits = visits.select("child_id", "visit_seq").distinct()
    visits = visits.group_by("child_id").aggregate(
        tally=visits.count(), fact_seqs=visits.visit_seq.cast("string").group_concat(",")
    )
    here = pieces.filter(pieces.is_current).select("child_id", "place_id")
    rows = visits.join(here, "child_id")
    rows = rows.select(
        subject_id=rows.child_id,
        place_id=rows.place_id,
        state=ibis.literal("not_applicable"),
        reason=ibis.literal("counted"),
        tally=rows.tally,
        fact_seqs=rows.fact_seqs,
    )
    return result(rows)
