"""Live, on the application's own database, and city-wide, on DuckDB: one expression, one answer."""

from __future__ import annotations

from random import Random

import pytest

from gongyu.indicators.live import gaps_of_classes, state_of_child, states_of_places

from .database import store
from .engines import Engine
from .oracle import Oracle
from .test_oracle import DAYS, QUESTIONS, TEACHERS
from .worlds import UNTIL, build_world

pytestmark = pytest.mark.django_db


NAMES = ("subject_id", "place_id", "state", "reason", "tally")


def answers(rows) -> set[tuple]:
    return {(*(getattr(row, name) for name in NAMES), row.fact_seqs) for row in rows}


def answers_of_duckdb(rows: list[dict], places: list[int]) -> set[tuple]:
    return {
        (*(row[name] for name in NAMES), numbers(row["fact_seqs"]))
        for row in rows
        if row["place_id"] in places
    }


def numbers(text: str | None) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split(",")))) if text else ()


@pytest.mark.parametrize("seed", range(4))
def test_the_database_and_duckdb_say_the_same_of_every_place(seed):
    random = Random(seed)
    world = build_world(random.randint)
    store(world)
    engine = Engine([world])
    places = [one.place_id for one in (*world.classes, *world.schools)]
    for rule, _, _ in QUESTIONS:
        as_of = random.choice(DAYS)
        whole = engine.states(rule, as_of)
        for some in ([place] for place in places):
            live = answers(states_of_places(rule, as_of, some))
            assert live == answers_of_duckdb(whole, some), (rule, as_of, some)


@pytest.mark.parametrize("seed", range(4))
def test_of_one_child_is_said_what_is_said_of_it_within_its_class(seed):
    random = Random(seed)
    world = build_world(random.randint)
    store(world)
    children = sorted({one.subject_id for one in world.facts if one.subject_type == "child"})
    for rule in {rule for rule, _, _ in QUESTIONS if rule.subject == "child"}:
        as_of = random.choice(DAYS)
        for school_class in world.classes:
            place = school_class.place_id
            whole = {row.subject_id: row for row in states_of_places(rule, as_of, [place])}
            for child in children:
                alone = state_of_child(rule, as_of, place, child)
                assert alone == whole.get(child), (rule, as_of, place, child)


@pytest.mark.parametrize("seed", range(4))
def test_gaps_are_the_days_on_which_the_oracle_finds_nobody(seed):
    world = build_world(Random(seed).randint)
    store(world)
    engine = Engine([world])
    as_of = UNTIL - 5
    expected = Oracle(world, TEACHERS, as_of).days_without_a_teacher()
    live = gaps_of_classes(TEACHERS, as_of, [one.place_id for one in world.classes])
    assert days_of(live) == {place: days for place, days in expected.items() if days}
    whole = [
        (row["place_id"], row["from_day"], row["until_day"]) for row in engine.gaps(TEACHERS, as_of)
    ]
    assert sorted(whole) == sorted(live)


def days_of(gaps_found) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place, first, until in sorted(gaps_found):
        found.setdefault(place, []).extend(range(first, until))
    return found
