"""Delivered: the document exists. A document in force in a register counts as long as it holds."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .states import first_of, result
from .subjects import places_of_rule
from .tables import Tables, holds_on, later, standing


def delivered(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each place that stands on the day; `tally` is the documents that count on it."""
    day = at.day
    kinds = (*rule.param("register_kinds", ()), *rule.param("document_kinds", ()))
    once = standing(tables.facts, "document.delivered")
    once = once.filter(once.detail.isin(kinds) & (once.on_day <= day))
    once = once.select("seq", "place_id", "on_day", counts=ibis.literal(1))
    entries = standing(tables.facts, "register.valid")
    entries = entries.filter(entries.detail.isin(kinds) & (entries.on_day <= day))
    entries = entries.select(
        "seq", "place_id", "on_day", counts=holds_on(entries, day).cast("int32")
    )
    papers = ibis.union(once.mutate(counts=once.counts.cast("int32")), entries)
    known = papers.group_by("place_id").aggregate(
        papers=papers.counts.sum(),
        newest=papers.on_day.max(where=papers.counts == 1),
        paper_seqs=papers.seq.cast("string").group_concat(",", where=papers.counts == 1),
        last_seq=papers.seq.max(),
    )
    reviews = standing(tables.facts, "register.reviewed")
    reviews = reviews.filter(reviews.detail.isin(kinds) & (reviews.on_day <= day))
    reviewed = reviews.group_by("place_id").aggregate(reviewed_on=reviews.on_day.max())
    subjects = places_of_rule(tables, rule, at)
    rows = subjects.left_join(known, subjects.subject_id == known.place_id).drop("place_id")
    rows = rows.left_join(reviewed, rows.subject_id == reviewed.place_id)
    return result(_judge(rows, rule, at))


def _judge(rows: Table, rule: Rule, at: Moment) -> Table:
    there = rows.papers.fill_null(0) > 0
    never = rows.last_seq.isnull()
    looked_at = later(rows.reviewed_on.fill_null(0), rows.newest.fill_null(0)) >= rule.first
    asked = rule.param("reviewed_each_year", False)
    fulfilled = there & looked_at if asked else there
    state = first_of(
        (not rule.judged, "not_applicable"),
        (fulfilled, "met"),
        (not at.begun, "not_due"),
        (never, "unknown"),
        (~there, "missed"),
        (at.over, "missed"),
        (at.near_the_end, "at_risk"),
        otherwise="in_progress",
    )
    reason = first_of(
        (there & looked_at, "delivered"),
        (there, "not_reviewed_this_year"),
        (never, "nothing_registered"),
        otherwise="lapsed",
    )
    return rows.select(
        subject_id=rows.subject_id,
        place_id=rows.subject_id,
        state=state,
        reason=reason,
        tally=rows.papers.fill_null(0),
        fact_seqs=ibis.ifelse(there, rows.paper_seqs, rows.last_seq.cast("string")),
    )
