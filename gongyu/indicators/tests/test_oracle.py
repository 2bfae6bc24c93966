"""The expressions and the oracle say the same of every subject of every random world."""

from __future__ import annotations

import os
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongyu.indicators.rule import Window

from .engines import Engine, by_world
from .oracle import Oracle
from .worlds import ADMISSION, FIRST, UNTIL, a_rule, build_world

WORLDS = int(os.environ.get("GONGYU_WORLDS", "300"))
BATCH = 500

VISITS = a_rule()
TWO_VISITS = replace(VISITS, threshold=2)
TEACHERS = a_rule("standing_on_day", "class", threshold=None)
LEADERS = a_rule(
    subject="staff",
    threshold=None,
    judged=False,
    params={"capacities": ("leader",), "roles": ("head", "school_leader")},
)
SUBJECT_TEACHERS = a_rule("tally", params={"capacities": ("subject_teacher",)}, judged=False)
RULES = a_rule(
    "standing_on_day", "school", threshold=None, params={"register_kinds": ("visiting_rules",)}
)
REVIEWED_RULES = a_rule(
    "standing_on_day",
    "school",
    threshold=None,
    params={"register_kinds": ("visiting_rules",), "reviewed_each_year": True},
)
SYSTEM = a_rule(
    "delivered", "school", threshold=None, params={"register_kinds": ("all_staff_system",)}
)
OPEN_DAYS = a_rule(
    subject="school",
    fact_kinds=("activity.held",),
    windows=(
        Window("primary", FIRST, UNTIL, 1),
        Window("kindergarten", FIRST + 5, UNTIL - 10, 2),
    ),
    params={"activity_kinds": ("open_day",), "min_open_percent": 50},
)

BY_CAMPUS = replace(OPEN_DAYS, params=(*OPEN_DAYS.params, ("school_unit", "campus")))

INCIDENT_FACTS = ("anomaly.noticed", "anomaly.contacted", "anomaly.excused")
INCIDENTS = a_rule("closed_in_time", "incident", threshold=None, fact_kinds=INCIDENT_FACTS)
INCIDENTS_IN_DAYS = replace(INCIDENTS, threshold=2)
CLUES = a_rule(
    "closed_in_time", "clue", threshold=None, fact_kinds=("clue.received", "clue.answered")
)
CHANNELS = a_rule(
    "standing_on_day", "school", threshold=None, params={"register_kinds": ("complaint_channel",)}
)
CONTACTS = a_rule("tally", "communication", judged=False, fact_kinds=("contact.made",))
GUIDED = a_rule(
    "tally",
    "family",
    judged=False,
    fact_kinds=("notice.sent",),
    params={"details": ("guide_reading",)},
)
TOLD_OF_DANGER = replace(GUIDED, fact_kinds=("notice.reached",), params=(("details", ("safety",)),))
TOGETHER = replace(GUIDED, fact_kinds=("activity.held", "visit.held"), params=())
COMMITTEE_STANDS = a_rule(
    "standing_on_day",
    "school",
    threshold=None,
    params={"standing_fact": "committee.in_term", "register_kinds": ("school",)},
)
COMMITTEES_LOOKED_AT = a_rule(
    subject="parent_committee",
    threshold=None,
    judged=False,
    fact_kinds=("committee.in_term", "committee.inspected"),
)
COMMITTEES_BUSY = a_rule(
    "tally",
    "parent_committee",
    judged=False,
    fact_kinds=("committee.in_term", "committee.active", "committee.inspected"),
)

# What the oracle is asked for each rule, and by what a row is known to it.
QUESTIONS = [
    (VISITS, Oracle.visits_to_children, "subject_id"),
    (TWO_VISITS, Oracle.visits_to_children, "subject_id"),
    (TEACHERS, Oracle.teachers_of_classes, "subject_id"),
    (LEADERS, Oracle.visits_by_leaders, ("subject_id", "place_id")),
    (SUBJECT_TEACHERS, Oracle.visits_by_subject_teachers, "subject_id"),
    (RULES, lambda oracle: oracle.entries_of_schools("in_force"), "subject_id"),
    (REVIEWED_RULES, lambda oracle: oracle.entries_of_schools("in_force"), "subject_id"),
    (INCIDENTS, Oracle.closures, "subject_id"),
    (INCIDENTS_IN_DAYS, Oracle.closures, "subject_id"),
    (CLUES, Oracle.closures, "subject_id"),
    (CHANNELS, lambda oracle: oracle.entries_of_schools("in_force"), "subject_id"),
    (CONTACTS, Oracle.communications, "subject_id"),
    (GUIDED, Oracle.communications, "subject_id"),
    (TOLD_OF_DANGER, Oracle.communications, "subject_id"),
    (TOGETHER, Oracle.communications, "subject_id"),
    (SYSTEM, lambda oracle: oracle.entries_of_schools("delivered"), "subject_id"),
    (OPEN_DAYS, Oracle.events_of_schools, "subject_id"),
    (BY_CAMPUS, Oracle.events_of_schools, "subject_id"),
    (
        COMMITTEE_STANDS,
        lambda oracle: oracle.entries_of_schools("in_force"),
        "subject_id",
    ),
    (COMMITTEES_LOOKED_AT, Oracle.committees, "subject_id"),
    (COMMITTEES_BUSY, Oracle.committees, "subject_id"),
]
DAYS = (FIRST - 3, FIRST + 30, FIRST + 70, UNTIL - 5, UNTIL + 3)


def disagreements(worlds, rule, ask, key, as_of) -> list:
    found = by_world(Engine(worlds).states(rule, as_of))
    wrong = []
    for number, world in enumerate(worlds):
        said = {name_of(row, key): answer_of(row) for row in found.get(number, [])}
        expected = ask(Oracle(world, rule, as_of))
        if said != expected:
            differing = {
                name: (said.get(name), expected.get(name))
                for name in said.keys() | expected.keys()
                if said.get(name) != expected.get(name)
            }
            wrong.append((number, as_of, rule.shape, rule.subject, differing))
    return wrong


def name_of(row: dict, key):
    return row[key] if isinstance(key, str) else tuple(row[part] for part in key)


def answer_of(row: dict) -> tuple:
    return row["place_id"], row["state"], row["reason"], row["tally"]


def batches():
    """(seed, size) of each batch, so that a failure names the seed that makes it again."""
    full, rest = divmod(WORLDS, BATCH)
    sizes = [BATCH] * full + ([rest] if rest else [])
    return list(enumerate(sizes))


@pytest.mark.parametrize(("seed", "size"), batches())
def test_the_oracle_agrees_on_every_world(seed, size):
    random = Random(seed)
    worlds = [build_world(random.randint, number) for number in range(size)]
    for rule, ask, key in QUESTIONS:
        as_of = random.choice(DAYS)
        assert disagreements(worlds, rule, ask, key, as_of) == []


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.data(), st.integers(ADMISSION, UNTIL + 5), st.sampled_from(QUESTIONS))
def test_the_oracle_agrees_on_worlds_that_shrink(data, as_of, question):
    def pick(least, most):
        return data.draw(st.integers(least, most))

    assert disagreements([build_world(pick)], *question, as_of) == []
