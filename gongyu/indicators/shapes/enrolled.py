"""Which children a school year has, in which class from day to day, and when they were away."""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, Table

from ..rule import Moment, Rule
from .tables import FAR, Tables, disjoint, earlier, holds_on, later, standing


def enrolment_pieces(tables: Tables, rule: Rule, at: Moment, staffed: Table | None = None) -> Table:
    """One row for each run of days of a child in one class, disjoint per child.

    Columns: child_id, place_id, seq, on_day, until (not yet clipped to the year), known (the place
    is a class of this school year), visit_from (a visit counts from here: earlier than on_day for a
    new pupil's first class), is_current (where the child stands on the day, or last stood), alone
    (the child has no other enrolment), staffed (the class is one of `staffed`; true without it).
    A child whose class is of an earlier year, or is no class at all, is enrolled and not `known`.
    """
    facts = standing(tables.facts, "enrolment")
    facts = facts.filter((facts.on_day < facts.until) & (facts.on_day < rule.until))
    classes = _classes(tables, rule, staffed)
    facts = facts.select("seq", "subject_id", "place_id", "on_day", "until", "status")
    rows = facts.left_join(classes, "place_id").drop("place_id_right")
    known = rows.school_year.fill_null(0) == rule.school_year
    stale = (rows.school_year.fill_null(0) < rule.school_year) & (rows.until > rule.first)
    rows = rows.filter((known & rows.asked) | stale)
    rows = rows.mutate(
        known=rows.school_year.fill_null(0) == rule.school_year,
        staffed=rows.staffed.fill_null(False),
    )
    rows = rows.drop("school_year", "asked")
    return _cut_where_the_next_begins(rows, rule, at)


def _classes(tables: Tables, rule: Rule, staffed: Table | None) -> Table:
    """place_id, school_year, asked (of one of the rule's stages), staffed. What is known of classes is
    put together here, where they are few, and not at millions of children."""
    classes = tables.classes
    classes = classes.select("place_id", "school_year", asked=classes.stage.isin(rule.stages))
    if staffed is None:
        return classes.mutate(staffed=ibis.literal(True))
    both = classes.left_join(staffed, classes.place_id == staffed.staffed_id)
    return both.select("place_id", "school_year", "asked", staffed=both.staffed_id.notnull())


def _cut_where_the_next_begins(rows: Table, rule: Rule, at: Moment) -> Table:
    # Nearly every child has one enrolment only: those need no order, and millions of them are
    # spared one.
    moved = rows.group_by("subject_id").aggregate(enrolments=rows.count())
    moved = moved.filter(moved.enrolments > 1).select(moved_id="subject_id")
    one = rows.anti_join(moved, rows.subject_id == moved.moved_id).mutate(
        alone=ibis.literal(True),
        next_on=ibis.null("int64"),
        first_known_on=ibis.ifelse(rows.known, rows.on_day, FAR),
    )
    several = rows.semi_join(moved, rows.subject_id == moved.moved_id)
    several = several.mutate(alone=ibis.literal(False), **_in_order(several))
    return _pieces(ibis.union(one, several), rule, at)


def _in_order(rows: Table) -> dict[str, IntegerValue]:
    # A new class ends the one before: a child is in one class a day.
    # Of two that begin on one day a class of this year wins; the rest makes the choice definite.
    order = [rows.on_day, rows.known.cast("int32"), rows.place_id.fill_null(0), rows.seq]
    by_child = ibis.window(group_by="subject_id", order_by=order)
    so_far = ibis.window(group_by="subject_id", order_by=order, preceding=(None, 0))
    known_on = ibis.ifelse(rows.known, rows.on_day, FAR)
    return {
        "next_on": rows.on_day.lead().over(by_child),
        "first_known_on": known_on.min().over(so_far),
    }


def _pieces(rows: Table, rule: Rule, at: Moment) -> Table:
    day = at.day
    first_class = rows.known & (rows.first_known_on == rows.on_day)
    new_pupil = first_class & (rows.status == "admitted")
    begins_before_the_day = rows.next_on.isnull() | (rows.next_on > day)
    rows = rows.select(
        child_id=rows.subject_id,
        place_id=rows.place_id,
        seq=rows.seq,
        on_day=rows.on_day,
        until=earlier(rows.until, rows.next_on.fill_null(rows.until)),
        known=rows.known,
        visit_from=ibis.ifelse(new_pupil, earlier(rows.on_day, rule.admission_from), rows.on_day),
        is_current=(rows.on_day <= day) & begins_before_the_day,
        alone=rows.alone,
        staffed=rows.staffed,
    )
    return rows.filter(rows.on_day < rows.until)


def is_of_this_year(visits: Table, rule: Rule) -> BooleanValue:
    """Whether a visit belongs to this school year and to no other.

    From the day of admission to the eve of the new year two years could claim it; there the class
    on the record decides. `class_year` is the school year of that class, 0 when it is none.
    """
    summer_before = (visits.on_day >= rule.admission_from) & (visits.on_day < rule.first)
    summer_within = visits.on_day >= rule.next_admission_from
    return ibis.ifelse(
        summer_before,
        visits.class_year == rule.school_year,
        ~summer_within | (visits.class_year <= rule.school_year),
    )


def with_class_year(tables: Tables, facts: Table, rule: Rule) -> Table:
    """The facts with the school year of the class they name, where `is_of_this_year` asks for it: in
    the two summers. In between nobody looks for a class at all."""
    in_summer = (facts.on_day < rule.first) | (facts.on_day >= rule.next_admission_from)
    facts = facts.mutate(asked_of=ibis.ifelse(in_summer, facts.place_id, ibis.null("int64")))
    classes = tables.classes.select(class_id="place_id", school_year="school_year")
    joined = facts.left_join(classes, facts.asked_of == classes.class_id)
    joined = joined.mutate(class_year=joined.school_year.fill_null(0))
    return joined.drop("school_year", "asked_of", "class_id")


def presence(tables: Tables, pieces: Table, declined: Table, rule: Rule, at: Moment) -> Table:
    """One row a child: place_id, known, staffed, left, enrolled and present days in the year, away_by
    now, and decline_seq of `declined` (declining_id, decline_seq).

    Present days are enrolled days without those of a leave that exempts; days to come count as far
    as the intervals say.
    """
    inside = pieces.mutate(
        first=later(pieces.on_day, rule.first), last=earlier(pieces.until, rule.until)
    )
    inside = inside.mutate(
        days=ibis.ifelse(inside.last > inside.first, inside.last - inside.first, 0)
    )
    alone = inside.filter(inside.alone & inside.is_current)
    alone = alone.select(
        "child_id",
        "place_id",
        "seq",
        "until",
        enrolled_days=alone.days,
        known=alone.known.cast("int32"),
        staffed=alone.staffed.cast("int32"),
    )
    several = inside.filter(~inside.alone)
    several = several.group_by("child_id").aggregate(
        place_id=several.place_id.max(where=several.is_current),
        seq=several.seq.max(where=several.is_current),
        until=several.until.max(where=several.is_current),
        enrolled_days=several.days.sum(),
        known=several.known.cast("int32").max(where=several.is_current),
        staffed=several.staffed.cast("int32").max(where=several.is_current),
    )
    by_child = ibis.union(alone, several)
    # Who only comes later is no subject yet; who left before the first day never was one.
    by_child = by_child.filter(by_child.until.notnull() & (by_child.enrolled_days > 0))
    leaves = _leave_days(tables, inside, rule, at)
    both = declined.outer_join(leaves, declined.declining_id == leaves.child_id)
    # Both are few: put together first, they are looked for once a child.
    few = both.select(
        few_id=ibis.coalesce(both.child_id, both.declining_id),
        leave_days=both.leave_days,
        away_by=both.away_by,
        decline_seq=both.decline_seq,
    )
    joined = by_child.left_join(few, by_child.child_id == few.few_id).drop("few_id")
    return joined.mutate(
        present_days=joined.enrolled_days - joined.leave_days.fill_null(0),
        left=joined.until <= at.day,
    )


def _leave_days(tables: Tables, inside: Table, rule: Rule, at: Moment) -> Table:
    """child_id, leave_days within enrolment and year, away_by: a leave that holds on the day."""
    kinds = rule.param("exempt_leave_kinds", ())
    facts = standing(tables.facts, "leave")
    facts = facts.filter(facts.status.isin(kinds) & (facts.on_day < rule.until))
    holding = facts.filter(holds_on(facts, at.day))
    holding = holding.group_by("subject_id").aggregate(away_by=holding.seq.max())
    pieces = disjoint(facts.rename(child_id="subject_id"), ["child_id"])
    pieces = pieces.rename(leaving_id="child_id", leave_on="on_day", leave_until="until")
    # What is small stands on the right, where a database keeps it in memory.
    met = inside.join(pieces, inside.child_id == pieces.leaving_id)
    met = met.mutate(
        from_day=later(met.first, met.leave_on), to_day=earlier(met.last, met.leave_until)
    )
    met = met.filter(met.from_day < met.to_day)
    days = met.group_by("child_id").aggregate(leave_days=(met.to_day - met.from_day).sum())
    both = days.outer_join(holding, days.child_id == holding.subject_id)
    return both.select(
        child_id=ibis.coalesce(both.child_id, both.subject_id),
        leave_days=both.leave_days,
        away_by=both.away_by,
    )
