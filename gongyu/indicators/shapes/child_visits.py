"""Count in period, over children: has the class teacher visited each child in the school year?"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .enrolled import enrolment_pieces, is_of_this_year, presence, with_class_year
from .states import first_of, result
from .tables import Tables, disjoint, holds_on, standing

# What a visit is worth to the child's year, the best last: one number instead of four counts, because
# the reason only asks for the best.
_ELSEWHERE, _OUT_OF_POST, _BY_FORMER_CLASS, _HERE = 1, 2, 3, 4


def child_visits(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each child enrolled in the year up to the day; `tally` is the visits that count."""
    pieces = enrolment_pieces(tables, rule, at, _staffed_classes(tables, rule, at))
    children = presence(tables, pieces, _declined(tables, rule, at), rule, at)
    visits = _visits_by_child(tables, pieces, rule, at)
    rows = children.left_join(visits, "child_id").drop("child_id_right")
    return result(_judge(rows, rule, at))


def matched_visits(tables: Tables, pieces: Table, rule: Rule, at: Moment) -> Table:
    """Each visit of this year with the child's class of that day: seq, child_id, actor_id,
    place_id, is_current, at_home (a setting that counts)."""
    visits = standing(tables.facts, "visit.held")
    visits = visits.filter(
        visits.status.isin(rule.param("capacities", ()))
        & (visits.on_day >= rule.admission_from)
        & (visits.on_day <= at.day)
    )
    visits = with_class_year(tables, visits, rule)
    visits = visits.filter(is_of_this_year(visits, rule)).select(
        visit_seq="seq",
        child_id="subject_id",
        recorded_at="place_id",
        visited_on="on_day",
        visitor_id="actor_id",
        at_home=visits.detail.isin(rule.param("allowed_settings", ())),
    )
    met = visits.join(pieces, "child_id")
    in_year = met.visited_on >= rule.first
    in_class = (met.visited_on >= met.on_day) & (met.known | in_year)
    admitted_to_it = (met.recorded_at == met.place_id).fill_null(False)
    before_school = ~in_year & (met.visited_on < met.on_day) & admitted_to_it
    met = met.filter(
        (met.visited_on >= met.visit_from)
        & (met.visited_on < met.until)
        & (in_class | before_school)
    )
    return met.select(
        "visit_seq", "child_id", "visited_on", "visitor_id", "place_id", "is_current", "at_home"
    )


def _visits_by_child(tables: Tables, pieces: Table, rule: Rule, at: Moment) -> Table:
    """child_id, visits (how many count), best (what the best of all is worth), visit_seqs (those that
    count)."""
    met = matched_visits(tables, pieces, rule, at)
    if rule.param("post_on_the_day", True):
        posts = post_days(tables, rule)
        joined = met.left_join(
            posts,
            [
                met.place_id == posts.post_place_id,
                met.visitor_id == posts.holder_id,
                met.visited_on >= posts.post_on,
                met.visited_on < posts.post_until,
            ],
        )
        met = joined.mutate(in_post=joined.holder_id.notnull())
    else:
        met = met.mutate(in_post=ibis.literal(True))
    met = met.mutate(
        worth=ibis.cases(
            (met.in_post & met.at_home & met.is_current, _HERE),
            (met.in_post & met.at_home, _BY_FORMER_CLASS),
            (met.at_home, _OUT_OF_POST),
            (met.in_post, _ELSEWHERE),
            else_=0,
        )
    )
    counts = met.worth >= _BY_FORMER_CLASS
    return met.group_by("child_id").aggregate(
        # Counting rows costs half of adding up numbers, which DuckDB does in 128 bits.
        visits=met.count(where=counts),
        best=met.worth.max(),
        visit_seqs=met.visit_seq.cast("string").group_concat(",", where=counts),
    )


def post_days(tables: Tables, rule: Rule) -> Table:
    """Who held one of the rule's posts where, each day once; acting posts count like others."""
    posts = standing(tables.facts, "post.held")
    posts = posts.filter(posts.status.isin(rule.param("roles", ())))
    posts = posts.filter(posts.place_id.notnull() & posts.actor_id.notnull())
    posts = disjoint(posts, ["place_id", "actor_id"])
    return posts.select(
        post_place_id="place_id", holder_id="actor_id", post_on="on_day", post_until="until"
    )


def _staffed_classes(tables: Tables, rule: Rule, at: Moment) -> Table:
    """The classes that had one of the rule's posts on record by the day, whoever held it."""
    posts = standing(tables.facts, "post.held")
    posts = posts.filter(
        posts.status.isin(rule.param("roles", ()))
        & (posts.on_day <= at.day)
        & (posts.on_day < posts.until)
    )
    return posts.select(staffed_id="place_id").distinct()


def _declined(tables: Tables, rule: Rule, at: Moment) -> Table:
    """Children whose family declines on the day: acknowledged, after enough recorded attempts."""
    day = at.day
    declines = standing(tables.facts, "visit.declined")
    declines = declines.filter(holds_on(declines, day) & (declines.until > rule.first))
    declines = declines.group_by("subject_id").aggregate(
        acknowledged_on=declines.on_day.max(), decline_seq=declines.seq.max()
    )
    attempts = standing(tables.facts, "visit.attempted")
    attempts = attempts.filter((attempts.on_day >= rule.admission_from) & (attempts.on_day <= day))
    attempts = with_class_year(tables, attempts, rule)
    attempts = attempts.filter(is_of_this_year(attempts, rule))
    attempts = attempts.select(attempted_id="subject_id", attempted_on="on_day")
    both = declines.join(
        attempts,
        [
            declines.subject_id == attempts.attempted_id,
            declines.acknowledged_on >= attempts.attempted_on,
        ],
    )
    tried = both.group_by("subject_id").aggregate(
        attempts=both.count(), decline_seq=both.decline_seq.max()
    )
    tried = tried.filter(tried.attempts >= rule.param("decline_attempts", 1))
    return tried.select(declining_id="subject_id", decline_seq="decline_seq")


def _judge(rows: Table, rule: Rule, at: Moment) -> Table:
    visits = rows.visits.fill_null(0)
    least = rule.param("min_enrolled_days", 0)
    too_short = rows.enrolled_days < least
    met = visits >= (rule.threshold or 1)
    exempt = too_short | rows.away_by.notnull() | (rows.present_days < least)
    declined = rows.decline_seq.notnull()
    no_class = rows.known == 0
    no_teacher = rows.staffed == 0
    state = first_of(
        (met, "met"),
        (not at.begun, "not_due"),
        (exempt, "exempt"),
        (declined, "declined"),
        (no_class | no_teacher, "unknown"),
        (at.over, "missed"),
        (rows.left, "in_progress"),
        (at.near_the_end, "at_risk"),
        otherwise="in_progress",
    )
    reason = first_of(
        (met & (rows.best == _HERE), "visited"),
        (met, "visited_by_former_class"),
        (not at.begun, "not_begun"),
        (too_short, "too_short"),
        (rows.away_by.notnull(), "away_now"),
        (exempt, "away_most_of_the_year"),
        (declined, "declined"),
        (no_class, "no_class"),
        (no_teacher, "no_teacher_recorded"),
        (rows.left, "left"),
        (visits > 0, "visited_not_enough"),
        (rows.best.fill_null(0) == _OUT_OF_POST, "visitor_not_in_post"),
        (rows.best.fill_null(0) == _ELSEWHERE, "visited_elsewhere"),
        otherwise="not_visited",
    )
    # The facts that decide: the visits, or else what excuses, or else the enrolment itself.
    deciding = ibis.ifelse(
        exempt & rows.away_by.notnull(),
        rows.away_by,
        ibis.ifelse(declined & ~exempt, rows.decline_seq, rows.seq),
    )
    return rows.select(
        subject_id=rows.child_id,
        place_id=rows.place_id,
        state=state,
        reason=reason,
        tally=visits,
        fact_seqs=ibis.ifelse(visits > 0, rows.visit_seqs, deciding.cast("string")),
    )
