"""Parent committees: how often something was done with each, counted and never judged."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .states import first_of, result
from .tables import Tables, standing


def committee_events(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each committee that served on some day of the rule's year up to the day, or about
    which something was written in it; `tally` is that.

    `rule.fact_kinds` is (term, event, …): the first kind says who serves, every other is counted.
    A committee stands where its newest fact says.
    """
    terms = standing(tables.facts, rule.fact_kinds[0])
    terms = terms.filter((terms.on_day <= at.day) & (terms.until > rule.first))
    terms = terms.filter(terms.on_day < terms.until)
    # Before the year begins nobody served in it yet.
    terms = terms.filter(ibis.literal(at.begun))
    served = terms.select("subject_id", "place_id", "seq", counts=ibis.literal(0))
    kinds = [standing(tables.facts, kind) for kind in rule.fact_kinds[1:]]
    events = ibis.union(*kinds) if len(kinds) > 1 else kinds[0]
    events = events.filter((events.on_day >= rule.first) & (events.on_day <= at.day))
    events = events.select("subject_id", "place_id", "seq", counts=ibis.literal(1))
    known = ibis.union(
        served.mutate(counts=served.counts.cast("int32")),
        events.mutate(counts=events.counts.cast("int32")),
    )
    known = known.filter(known.place_id.notnull())
    rows = known.group_by("subject_id").aggregate(
        tally=known.counts.sum(),
        newest=known.seq.max(),
        fact_seqs=known.seq.cast("string").group_concat(","),
    )
    where = known.select(place_seq="seq", place_id="place_id").distinct()
    rows = rows.join(where, rows.newest == where.place_seq)
    rows = rows.mutate(
        state=ibis.literal("not_applicable"),
        reason=first_of((rows.tally > 0, "counted"), otherwise="none_yet"),
    )
    return result(rows)
