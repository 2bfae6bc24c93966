"""Standing on a day: a register entry in force, or a class teacher in post, on the day itself."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .child_visits import post_days
from .states import first_of, result
from .subjects import open_places, places_of_rule
from .tables import Tables, disjoint, earlier, holds_on, later, standing

REGISTERED = "register.valid"


def standing_on_day(tables: Tables, rule: Rule, at: Moment) -> Table:
    """Classes are looked at for a post in force, every other place for a register entry, or for
    what the rule's `standing_fact` names instead (such as a committee that serves)."""
    if rule.subject == "class":
        return posts_in_force(tables, rule, at)
    return entries_in_force(tables, rule, at)


def entries_in_force(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each place that stands on the day; `tally` is the entries in force on it.

    A place that never entered anything of the kind is unknown: nobody can tell a missing rule from
    a missing entry. One whose entry has lapsed misses the duty on that day.
    """
    day = at.day
    subjects = places_of_rule(tables, rule, at)
    entries = standing(tables.facts, rule.param("standing_fact", REGISTERED))
    entries = entries.filter(
        entries.detail.isin(rule.param("register_kinds", ())) & (entries.on_day <= day)
    )
    entries = entries.mutate(holds=holds_on(entries, day).cast("int32"))
    entered = entries.group_by("place_id").aggregate(
        in_force=entries.holds.sum(),
        newest=entries.on_day.max(where=entries.holds == 1),
        entry_seqs=entries.seq.cast("string").group_concat(",", where=entries.holds == 1),
        last_seq=entries.seq.max(),
    )
    reviews = standing(tables.facts, "register.reviewed")
    reviews = reviews.filter(
        reviews.detail.isin(rule.param("register_kinds", ())) & (reviews.on_day <= day)
    )
    reviewed = reviews.group_by("place_id").aggregate(reviewed_on=reviews.on_day.max())
    rows = subjects.left_join(entered, subjects.subject_id == entered.place_id)
    rows = rows.drop("place_id")
    rows = rows.left_join(reviewed, rows.subject_id == reviewed.place_id)
    return result(_judge_entries(rows, rule, at))


def _judge_entries(rows: Table, rule: Rule, at: Moment) -> Table:
    in_force = rows.in_force.fill_null(0) > 0
    never = rows.last_seq.isnull()
    # A new entry needs no review in its first year.
    # Only what stands in a register is ever reviewed.
    reviewable = rule.param("standing_fact", REGISTERED) == REGISTERED
    looked_at = later(rows.reviewed_on.fill_null(0), rows.newest.fill_null(0)) >= rule.first
    asked = rule.param("reviewed_each_year", False)
    fulfilled = in_force & looked_at if asked else in_force
    state = first_of(
        (not rule.judged, "not_applicable"),
        (fulfilled, "met"),
        (not at.begun, "not_due"),
        (never, "unknown"),
        (~in_force, "missed"),
        (at.over, "missed"),
        (at.near_the_end, "at_risk"),
        otherwise="in_progress",
    )
    reason = first_of(
        ((in_force & looked_at) if reviewable else in_force, "in_force"),
        (in_force, "not_reviewed_this_year"),
        (never, "nothing_registered"),
        otherwise="lapsed",
    )
    return rows.select(
        subject_id=rows.subject_id,
        place_id=rows.subject_id,
        state=state,
        reason=reason,
        tally=rows.in_force.fill_null(0),
        fact_seqs=ibis.ifelse(in_force, rows.entry_seqs, rows.last_seq.cast("string")),
    )


def _classes(tables: Tables, rule: Rule, at: Moment) -> Table:
    """Classes of the school year: place_id, first, until (open days up to the day), last_day."""
    classes = tables.classes
    classes = classes.filter(
        (classes.school_year == rule.school_year) & classes.stage.isin(rule.stages)
    ).select("place_id")
    stood = open_places(tables, "class")
    rows = classes.join(stood, "place_id")
    day = at.day
    rows = rows.mutate(first=later(rows.on_day, rule.first), end=earlier(rows.until, day + 1))
    rows = rows.filter(rows.first < rows.end)
    return rows.select("place_id", "first", "end")


def _covered(tables: Tables, rule: Rule, at: Moment) -> Table:
    """Days of the classes with somebody in post: place_id, first, end of the class's run of days,
    from_day, to_day of the post within it. Disjoint per class."""
    posts = post_days(tables, rule)
    posts = posts.select(place_id="post_place_id", on_day="post_on", until="post_until")
    posts = disjoint(posts.filter(posts.on_day < posts.until), ["place_id"])
    held = posts.join(_classes(tables, rule, at), "place_id")
    held = held.mutate(
        from_day=later(held.on_day, held.first), to_day=earlier(held.until, held.end)
    )
    return held.filter(held.from_day < held.to_day)


def posts_in_force(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each class of the year that has stood by the day; one that has closed is no
    longer asked. `tally` is its days in the year, up to the day, without anybody."""
    classes = _classes(tables, rule, at)
    stood = classes.group_by("place_id").aggregate(
        days=(classes.end - classes.first).sum(), last_end=classes.end.max()
    )
    held = _covered(tables, rule, at)
    covered = held.group_by("place_id").aggregate(
        covered_days=(held.to_day - held.from_day).sum(), covered_until=held.to_day.max()
    )
    recorded = _recorded_posts(tables, rule, at)
    rows = stood.left_join(covered, "place_id").drop("place_id_right")
    rows = rows.left_join(recorded, "place_id").drop("place_id_right")
    in_post = rows.covered_until.fill_null(0) == rows.last_end
    gap_days = rows.days - rows.covered_days.fill_null(0)
    never = rows.newest_seq.isnull()
    # Its days without anybody stay in the tally; the share is of the classes that stand that day.
    closed = rows.last_end <= at.day
    state = first_of(
        (not rule.judged, "not_applicable"),
        (closed, "not_applicable"),
        (in_post, "met"),
        (not at.begun, "not_due"),
        (never, "unknown"),
        otherwise="missed",
    )
    reason = first_of(
        (closed, "class_closed"),
        (in_post & (gap_days == 0), "in_post"),
        (in_post, "gap_before"),
        (never, "no_teacher_recorded"),
        otherwise="nobody_in_post",
    )
    rows = rows.select(
        subject_id=rows.place_id,
        place_id=rows.place_id,
        state=state,
        reason=reason,
        tally=gap_days,
        fact_seqs=rows.post_seqs,
    )
    return result(rows)


def _recorded_posts(tables: Tables, rule: Rule, at: Moment) -> Table:
    """The facts of the posts that each class has had by the day, in force or not."""
    posts = standing(tables.facts, "post.held")
    posts = posts.filter(
        posts.status.isin(rule.param("roles", ()))
        & (posts.on_day <= at.day)
        & (posts.on_day < posts.until)
    )
    return posts.group_by("place_id").aggregate(
        newest_seq=posts.seq.max(), post_seqs=posts.seq.cast("string").group_concat(",")
    )


def gaps(tables: Tables, rule: Rule, at: Moment) -> Table:
    """The days without anybody in post: place_id, from_day, until_day, one row a gap."""
    classes = _classes(tables, rule, at)
    held = _covered(tables, rule, at)
    # The end of each covered run, and the start of the class itself, may begin a gap …
    ends = held.select("place_id", "end", gap_from="to_day")
    starts = classes.select("place_id", "end", gap_from="first")
    opens = ibis.union(ends, starts)
    # … which lasts until the next covered day, or the end.
    next_day = held.select(next_place="place_id", next_end="end", next_from="from_day")
    both = opens.left_join(
        next_day,
        [
            opens.place_id == next_day.next_place,
            opens.end == next_day.next_end,
            opens.gap_from <= next_day.next_from,
        ],
    )
    runs = both.group_by("place_id", "end", "gap_from").aggregate(next_from=both.next_from.min())
    runs = runs.mutate(until_day=runs.next_from.fill_null(runs.end))
    runs = runs.filter(runs.gap_from < runs.until_day)
    return runs.select(place_id="place_id", from_day="gap_from", until_day="until_day")
