"""Closed in time: each trigger has its closure, and where a clock is cited, within it."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .states import first_of, result
from .tables import Tables, standing


def closed_in_time(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each trigger of the period up to the day; `tally` is the days it took, or has
    taken so far.

    `rule.fact_kinds` is (trigger, closure, …): the first kind opens, every other kind about the same
    subject closes. The threshold is the days allowed, the day of the trigger being day 0; without
    one an open trigger is never late. The subject is what the facts say: an incident, a clue.
    """
    day = at.day
    opened = standing(tables.facts, rule.fact_kinds[0])
    opened = opened.filter((opened.on_day >= rule.first) & (opened.on_day <= day))
    opened = opened.select("subject_type", "subject_id", "place_id", "seq", "on_day")
    closures = [standing(tables.facts, kind) for kind in rule.fact_kinds[1:]]
    closing = ibis.union(*closures) if len(closures) > 1 else closures[0]
    closing = closing.filter(closing.on_day <= at.as_of)
    closing = closing.select(
        closed_type="subject_type", closed_id="subject_id", closed_on="on_day", closed_seq="seq"
    )
    both = opened.join(
        closing,
        [
            opened.subject_type == closing.closed_type,
            opened.subject_id == closing.closed_id,
            opened.on_day <= closing.closed_on,
        ],
    )
    firsts = both.group_by("seq").aggregate(
        closed_on=both.closed_on.min(),
        closure_seqs=both.closed_seq.cast("string").group_concat(","),
    )
    rows = opened.left_join(firsts, "seq").drop("seq_right")
    return _judge(rows, rule, at)


def _judge(rows: Table, rule: Rule, at: Moment) -> Table:
    closed = rows.closed_on.notnull()
    taken = rows.closed_on.fill_null(at.as_of) - rows.on_day
    allowed = rule.threshold
    late = taken > allowed if allowed is not None else ibis.literal(False)
    last_day = taken == (allowed if allowed is not None else -1)
    state = first_of(
        (not rule.judged, "not_applicable"),
        (closed & ~late, "met"),
        (late, "missed"),
        (last_day, "at_risk"),
        otherwise="in_progress",
    )
    reason = first_of(
        # Without a clock nothing was in time either: it is closed, and no more is said.
        (closed if allowed is None else False, "closed"),
        (closed & ~late, "closed_in_time"),
        (closed, "closed_late"),
        (late, "overdue"),
        otherwise="open",
    )
    seq = rows.seq.cast("string")
    return result(
        rows.mutate(
            state=state,
            reason=reason,
            tally=taken,
            fact_seqs=ibis.ifelse(closed, seq.concat(",").concat(rows.closure_seqs), seq),
        )
    )
