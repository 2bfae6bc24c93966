"""Events of places, and the shapes that no built duty uses yet: closures, deliveries, shares."""

from __future__ import annotations

import pytest

from gongyu.indicators import compiled
from gongyu.indicators.rule import Window
from gongyu.indicators.shapes import EVALUATORS
from gongyu.plan.vocabulary import EVALUATORS as NAMED_BY_PLANS

from .engines import Engine
from .worlds import FIRST, UNTIL, Containment, Fact, School, World, a_rule


def a_place(place: int, kind: str, above: dict[int, str], first: int = 0, until=None) -> list:
    pairs = {place: kind, **above}
    return [Containment(place, kind, up, of, first, until) for up, of in pairs.items()]


def answers(world: World, rule, as_of: int) -> dict[int, tuple]:
    rows = Engine([world]).states(rule, as_of)
    return {row["subject_id"]: (row["state"], row["reason"], row["tally"]) for row in rows}


def test_the_plan_may_name_every_evaluator_and_no_other():
    assert set(NAMED_BY_PLANS) == EVALUATORS


@pytest.fixture
def open_days() -> World:
    """Three schools: two events, one event, and a kindergarten that opened near the end."""
    event = ("open_day.held", "place")
    return World(
        containments=[
            *a_place(1, "school", {}),
            *a_place(2, "school", {}),
            *a_place(3, "school", {}, first=UNTIL - 10),
        ],
        schools=[School(1, "primary"), School(2, "primary"), School(3, "kindergarten")],
        facts=[
            Fact(1, *event, 1, 1, FIRST),
            Fact(2, *event, 1, 1, UNTIL - 1),
            Fact(3, *event, 2, 2, FIRST + 5),
            Fact(4, *event, 2, 2, FIRST - 1),
            Fact(5, *event, 2, 2, UNTIL),
        ],
    )


def test_events_of_a_school_are_counted_within_its_period(open_days):
    rule = a_rule(
        subject="school",
        threshold=2,
        fact_kinds=("open_day.held",),
        windows=(Window("primary", FIRST, UNTIL, 2), Window("kindergarten", FIRST, UNTIL, 3)),
        params={"min_open_percent": 50},
    )
    assert answers(open_days, rule, FIRST - 1)[1] == ("not_due", "not_begun", 0)
    assert answers(open_days, rule, FIRST + 9)[1] == ("in_progress", "too_few", 1)
    assert answers(open_days, rule, UNTIL - 5)[2] == ("at_risk", "too_few", 1)
    last = answers(open_days, rule, UNTIL + 1)
    assert last[1] == ("met", "enough", 2)
    assert last[2] == ("missed", "too_few", 1)
    assert last[3] == ("not_applicable", "opened_too_late", 0)


def test_a_trigger_is_closed_in_time_late_or_not_at_all():
    rule = a_rule("closed_in_time", "incident", threshold=2, fact_kinds=("noticed", "contacted"))
    world = World(
        facts=[
            *(Fact(n, "noticed", "case", n, 7, FIRST + 10) for n in (1, 2, 3)),
            Fact(4, "contacted", "case", 1, 7, FIRST + 12),
            Fact(5, "contacted", "case", 2, 7, FIRST + 13),
            Fact(6, "contacted", "case", 3, 7, FIRST + 9),
        ]
    )
    assert answers(world, rule, FIRST + 11)[1] == ("in_progress", "open", 1)
    assert answers(world, rule, FIRST + 12)[2] == ("at_risk", "open", 2)
    assert answers(world, rule, FIRST + 20) == {
        1: ("met", "closed_in_time", 2),
        2: ("missed", "closed_late", 3),
        3: ("missed", "overdue", 10),
    }


def test_without_a_cited_clock_an_open_trigger_is_never_late():
    rule = a_rule("closed_in_time", "incident", threshold=None, fact_kinds=("noticed", "contacted"))
    world = World(facts=[Fact(1, "noticed", "case", 1, 7, FIRST)])
    assert answers(world, rule, UNTIL + 100)[1][0] == "in_progress"


def test_a_document_once_delivered_stays_delivered():
    rule = a_rule("delivered", "city", threshold=None, params={"document_kinds": ("guide",)})
    world = World(
        containments=a_place(1, "city", {}),
        facts=[Fact(1, "document.delivered", "place", 1, 1, FIRST + 5, detail="guide")],
    )
    assert answers(world, rule, FIRST + 4)[1] == ("unknown", "nothing_registered", 0)
    assert answers(world, rule, FIRST + 5)[1] == ("met", "delivered", 1)


def a_city_of_communities(covered: int, lapsed: int, silent: int) -> World:
    """One district with so many communities of each sort."""
    above = {1: "city", 2: "district"}
    count = covered + lapsed + silent
    containments = [*a_place(1, "city", {}), *a_place(2, "district", {1: "city"})]
    facts = []
    for index in range(count):
        place = 10 + index
        containments += a_place(place, "community", above)
        if index < covered + lapsed:
            until = None if index < covered else FIRST
            facts.append(
                Fact(
                    index + 1,
                    "register.valid",
                    "place",
                    place,
                    place,
                    1,
                    until_day=until,
                    detail="parent_school",
                )
            )
    return World(containments=containments, facts=facts)


@pytest.mark.parametrize(
    ("covered", "lapsed", "silent", "state", "missing"),
    [(9, 1, 0, "met", 0), (10, 1, 0, "met", 0), (9, 2, 0, "missed", 1), (8, 0, 2, "unknown", 1)],
)
def test_a_share_says_how_many_more_are_needed(covered, lapsed, silent, state, missing):
    rule = a_rule(
        "share_covered",
        "community",
        threshold=90,
        params={"register_kinds": ("parent_school",), "levels_tested": ("city", "district")},
    )
    world = a_city_of_communities(covered, lapsed, silent)
    rows = Engine([world]).shares(rule, FIRST + 5)
    assert {row["place_kind"] for row in rows} == {"city", "district"}
    assert {(row["state"], row["missing"]) for row in rows} == {(state, missing)}


def test_a_mark_that_filling_in_cannot_follow_is_refused():
    assert compiled._filled("a < 7000000 AND b < 7000001", 12, 34) == "a < 12 AND b < 13"
    with pytest.raises(compiled.StrayMark):
        compiled._filled("a < 6999999", 12, 34)
