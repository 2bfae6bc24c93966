"""Count in period, over members of staff: how many children did each school leader visit?"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .enrolled import is_of_this_year, with_class_year
from .states import first_of, result
from .tables import Tables, standing


def leader_visits(tables: Tables, rule: Rule, at: Moment) -> Table:
    """One row for each person and school where the person held one of the rule's posts in the
    period up to the day; `tally` is the children visited in that post, at a setting that counts.

    Without a threshold nobody is judged.
    """
    posts = _posts(tables, rule, at)
    visits = _visits(tables, rule, at)
    done = visits.join(
        posts,
        [
            visits.visitor_id == posts.actor_id,
            visits.school_id == posts.school_id,
            visits.visited_on >= posts.on_day,
            visits.visited_on < posts.until,
        ],
    )
    # One member of staff may hold two posts on a day; the visit is still one.
    done = done.select("visitor_id", "school_id", "visit_seq").distinct()
    done = done.group_by("visitor_id", "school_id").aggregate(
        visits=done.count(), visit_seqs=done.visit_seq.cast("string").group_concat(",")
    )
    in_period = (posts.until > rule.first) & ibis.literal(at.begun)
    people = (
        posts.filter(in_period)
        .group_by("actor_id", "school_id")
        .aggregate(post_seq=posts.seq.max())
    )
    rows = people.left_join(
        done, [people.actor_id == done.visitor_id, people.school_id == done.school_id]
    ).drop("school_id_right")
    return result(_judge(rows, rule, at))


def _posts(tables: Tables, rule: Rule, at: Moment) -> Table:
    posts = standing(tables.facts, "post.held")
    posts = posts.filter(
        posts.status.isin(rule.param("roles", ()))
        & posts.actor_id.notnull()
        & (posts.on_day < posts.until)
        & (posts.on_day <= at.day)
    )
    schools = tables.schools.select(school_id="place_id")
    return posts.join(schools, posts.place_id == schools.school_id).drop("place_id")


def _visits(tables: Tables, rule: Rule, at: Moment) -> Table:
    visits = standing(tables.facts, "visit.held")
    visits = visits.filter(
        visits.status.isin(rule.param("capacities", ()))
        & visits.detail.isin(rule.param("allowed_settings", ()))
        & (visits.on_day >= rule.admission_from)
        & (visits.on_day <= at.day)
    )
    visits = with_class_year(tables, visits, rule)
    visits = visits.filter(is_of_this_year(visits, rule))
    classes = tables.classes.select("place_id", "school_id")
    placed = visits.join(classes, "place_id")
    return placed.select(
        visit_seq="seq", visitor_id="actor_id", school_id="school_id", visited_on="on_day"
    )


def _judge(rows: Table, rule: Rule, at: Moment) -> Table:
    visits = rows.visits.fill_null(0)
    judged = rule.judged and rule.threshold is not None
    met = visits >= (rule.threshold or 1)
    state = first_of(
        (not judged, "not_applicable"),
        (met, "met"),
        (not at.begun, "not_due"),
        (at.over, "missed"),
        (at.near_the_end, "at_risk"),
        otherwise="in_progress",
    )
    return rows.select(
        subject_id=rows.actor_id,
        place_id=rows.school_id,
        state=state,
        reason=ibis.ifelse(visits > 0, "counted", "none_yet"),
        tally=visits,
        fact_seqs=ibis.ifelse(visits > 0, rows.visit_seqs, rows.post_seq.cast("string")),
    )
