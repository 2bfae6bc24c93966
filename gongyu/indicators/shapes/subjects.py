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
    """The subjects that stand on the day: subject_id, first, until (their period), threshold,
    open_days (of the period, as far as the intervals say).

    A school's period and number follow from its kind; other places take the rule's own.
    """
    places = open_places(tables, rule.subject)
    if rule.subject == "school":
        kinds = tables.schools.rename(school_id="place_id", school_kind="kind")
        places = places.join(kinds, places.place_id == kinds.school_id).drop("school_id")
        places = places.filter(places.school_kind.isin([w.school_kind for w in rule.windows]))
        places = places.mutate(**_windows(places, rule))
    else:
        places = places.mutate(
            first=ibis.literal(rule.first),
            last=ibis.literal(rule.until),
            threshold=ibis.literal(rule.threshold or 1),
        )
    day = at.day
    inside_from = later(places.on_day, places.first)
    inside_until = earlier(places.until, places["last"])
    places = places.mutate(
        inside=ibis.ifelse(inside_until > inside_from, inside_until - inside_from, 0),
        stands=(places.on_day <= day) & (places.until > day),
    )
    rows = places.group_by("place_id").aggregate(
        first=places.first.max(),
        until=places["last"].max(),
        threshold=places.threshold.max(),
        open_days=places.inside.sum(),
        stands=places.stands.cast("int32").max(),
    )
    return rows.filter(rows.stands == 1).drop("stands").rename(subject_id="place_id")


def _windows(places: Table, rule: Rule) -> dict[str, ibis.Value]:
    def by_kind(number_of) -> ibis.Value:
        branches = [(places.school_kind == w.school_kind, number_of(w)) for w in rule.windows]
        return ibis.cases(*branches, else_=0)

    return {
        "first": by_kind(lambda window: window.first),
        "last": by_kind(lambda window: window.until),
        "threshold": by_kind(lambda window: window.threshold or 1),
    }
