"""Places that are subjects: which stood when, and for which of them a duty is asked."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from ..rule import Moment, Rule
from .tables import FAR, Tables, disjoint, earlier, later


def open_places(tables: Tables, kind: str) -> Table:
    """place_id, on_day, until: the days on which each place of a kind stood, each day once."""
    own = tables.containments
    own = own.filter((own.place_id == own.ancestor_id) & (own.place_kind == kind))
    own = own.select(place_id=own.place_id, on_day=own.from_day, until=own.until_day.fill_null(FAR))
    return disjoint(own.filter(own.on_day < own.until), ["place_id"])


def places_of_rule(tables: Tables, rule: Rule, at: Moment) -> Table:
    """The subjects that stand on the day: subject_id, first, until (their period), threshold."""
    places = _with_period(tables, rule)
    places = places.filter((places.on_day <= at.day) & (places.until > at.day))
    rows = places.group_by("place_id").aggregate(
        first=places.first.max(), until=places["last"].max(), threshold=places.threshold.max()
    )
    return rows.rename(subject_id="place_id")


def places_of_period(tables: Tables, rule: Rule, at: Moment) -> Table:
    """The subjects that stand on the day, or stood on some day of their period before it:
    subject_id, first, until (their period), ends (the first day on which it asks nothing more:
    the period is over, or the place has closed), threshold, open_days (of the whole period, as far
    as the intervals say)."""
    places = _with_period(tables, rule)
    inside_from = later(places.on_day, places.first)
    inside_until = earlier(places.until, places["last"])
    stands = (places.on_day <= at.day) & (places.until > at.day)
    stood = (inside_from < inside_until) & (inside_from <= at.day)
    places = places.mutate(
        inside=ibis.ifelse(inside_until > inside_from, inside_until - inside_from, 0),
        ends=inside_until,
        belongs=(stands | stood).cast("int32"),
    )
    rows = places.group_by("place_id").aggregate(
        first=places.first.max(),
        until=places["last"].max(),
        threshold=places.threshold.max(),
        ends=places.ends.max(),
        open_days=places.inside.sum(),
        belongs=places.belongs.max(),
    )
    return rows.filter(rows.belongs == 1).drop("belongs").rename(subject_id="place_id")


def units_of_schools(tables: Tables, rule: Rule, subjects: Table) -> Table:
    """school_id, unit_id, asked: the campuses of each subject that stood long enough in its period,
    and the school itself beside them where it has a class on none. A school without such a campus
    has no row here: it is asked as a whole."""
    inside = tables.containments
    inside = inside.select(
        "place_id", "place_kind", "ancestor_id", "ancestor_kind",
        on_day=inside.from_day, until=inside.until_day.fill_null(FAR),
    )  # fmt: skip
    stays = inside.join(subjects, inside.ancestor_id == subjects.subject_id)
    stays = stays.mutate(begins=later(stays.on_day, stays.first))
    days = earlier(stays["until"], stays["until_right"]) - stays.begins
    stays = stays.mutate(days=ibis.ifelse(days > 0, days, 0))
    campuses = stays.filter(stays.place_kind == "campus")
    campuses = campuses.group_by("subject_id", "place_id").aggregate(
        days=campuses.days.sum(),
        period=(campuses["until_right"] - campuses.first).max(),
        asked=campuses.threshold.max(),
    )
    long_enough = campuses.days * 100 >= campuses.period * rule.param("min_open_percent", 0)
    campuses = campuses.filter((campuses.days > 0) & long_enough)
    campuses = campuses.select(school_id="subject_id", unit_id="place_id", asked="asked")
    classes = stays.filter((stays.place_kind == "class") & (stays.days > 0))
    on_a_campus = inside.filter(
        (inside.place_kind == "class") & (inside.ancestor_kind == "campus")
    ).select(class_id="place_id")
    main = classes.anti_join(on_a_campus, classes.place_id == on_a_campus.class_id)
    main = main.semi_join(campuses, main.subject_id == campuses.school_id)
    main = main.group_by("subject_id").aggregate(asked=main.threshold.max())
    main = main.select(school_id="subject_id", unit_id="subject_id", asked="asked")
    return ibis.union(campuses, main)


def _with_period(tables: Tables, rule: Rule) -> Table:
    """The intervals of the places that can be subjects, each with its period (first, last) and its
    number. A school's follow from its kind; other places take the rule's own."""
    places = open_places(tables, rule.subject)
    if rule.subject == "school":
        kinds = tables.schools.rename(school_id="place_id", school_kind="kind")
        places = places.join(kinds, places.place_id == kinds.school_id).drop("school_id")
        places = places.filter(places.school_kind.isin([w.school_kind for w in rule.windows]))
        return places.mutate(**_windows(places, rule))
    return places.mutate(
        first=ibis.literal(rule.first),
        last=ibis.literal(rule.until),
        threshold=ibis.literal(rule.threshold or 1),
    )


def _windows(places: Table, rule: Rule) -> dict[str, ibis.Value]:
    def by_kind(number_of) -> ibis.Value:
        branches = [(places.school_kind == w.school_kind, number_of(w)) for w in rule.windows]
        return ibis.cases(*branches, else_=0)

    return {
        "first": by_kind(lambda window: window.first),
        "last": by_kind(lambda window: window.until),
        "threshold": by_kind(lambda window: window.threshold or 1),
    }
