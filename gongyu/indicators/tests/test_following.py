"""Figures that followed the ledger are those that a whole evaluation would give, whatever happened."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.models import Fact
from gongyu.ground.places.models import Containment, SchoolClass
from gongyu.indicators import compiled, following, queries, stored_states
from gongyu.indicators.actions import refresh
from gongyu.indicators.models import CELLS, Figure
from gongyu.indicators.touched import kinds_read, scope_of

from .database import add_facts, as_date, store_places
from .small_city import fact, visit
from .test_oracle import DAYS, QUESTIONS
from .worlds import ROOM, World, build_world

HISTORIES = int(os.environ.get("GONGYU_HISTORIES", "40"))
BATCH = 20
ROUNDS = 3
VISITS = "homeroom-visit-each-student"
DAY = date(2025, 9, 25)

# Every shape that is built, each under a name of its own; and one whose period is over.
RULES = [replace(rule, duty=f"duty-{n}") for n, (rule, *_) in enumerate(QUESTIONS)]
OVER = replace(RULES[0], duty="duty-over", first=900, until=1010, admission_from=880)
EVENTS = replace(RULES[0], duty="duty-events", subject="school", fact_kinds=("register.reviewed",))
RULES += [OVER, EVENTS]


def histories(worlds: list[World], random: Random) -> list[list]:
    """The facts of all worlds in rounds, numbered as one ledger."""
    rounds: list[list] = [[] for _ in range(ROUNDS + 1)]
    for world in worlds:
        facts = sorted(world.facts, key=lambda row: row.seq)
        cuts = sorted(random.randint(0, len(facts)) for _ in range(ROUNDS))
        for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(facts)], strict=True)):
            rounds[number] += facts[start:end]
    new_seq: dict[int, int] = {}
    for part in rounds:
        for row in part:
            new_seq[row.seq] = len(new_seq) + 1
    return [
        [
            replace(
                row,
                seq=new_seq[row.seq],
                supersedes_id=new_seq[row.supersedes_id] if row.supersedes_id else None,
            )
            for row in part
        ]
        for part in rounds
    ]


def everything() -> dict:
    """All figures with their hidden cells, and the state of every subject."""
    newest = queries.current_refresh()
    figures = {
        (row.duty, row.period_key, row.place_id): (
            row.place_kind, row.hidden_inside, row.hidden_public, row.tally,
            *(getattr(row, cell) for cell in CELLS),
        )
        for row in Figure.objects.filter(refresh=newest)
    }  # fmt: skip
    states = {}
    for rule in RULES if newest.as_of.year < 1900 else following.rules_on(newest.as_of):
        stored = stored_states.stored_states(newest, rule.duty, rule.period_key)
        rows = stored_states.query_states(
            stored, "SELECT * FROM states LEFT JOIN levels USING (place_id)", []
        )
        for subject, place, state, reason, tally, *levels in rows:
            name = (rule.duty, rule.period_key, subject, place)
            assert name not in states, "a subject is stored once"
            states[name] = (state, reason, int(tally or 0), levels)
    return {"figures": figures, "states": states, "seq": newest.ledger_seq}


def differences(followed: dict, whole: dict) -> list:
    return [
        (name, followed[part].get(name), whole[part].get(name))
        for part in ("figures", "states")
        for name in followed[part].keys() | whole[part].keys()
        if followed[part].get(name) != whole[part].get(name)
    ]


@pytest.fixture
def rules_of_worlds(monkeypatch):
    monkeypatch.setattr(following, "rules_on", lambda day, plan=None: list(RULES))
    monkeypatch.setattr(following, "earlier_rules_on", lambda day, plan=None: [])
    monkeypatch.setattr("gongyu.indicators.actions.rules_on", lambda day, plan=None: [])


def follow_through(worlds: list[World], random: Random, as_of: int) -> tuple[dict, dict]:
    """What is known after the last round by following, and from nothing."""
    day = as_date(as_of)
    for world in worlds:
        store_places(world)
    first, *later = histories(worlds, random)
    add_facts(first)
    start = refresh(day, by=SYSTEM)
    for part in later:
        add_facts(part)
        said: list[str] = []
        assert refresh(day, by=SYSTEM, say=said.append).pk == start.pk, said
    followed = everything()
    assert refresh(day, by=SYSTEM, from_nothing=True).pk != start.pk
    return followed, everything()


@pytest.mark.parametrize("batch", range(max(HISTORIES // BATCH, 1)))
def test_following_gives_what_a_whole_evaluation_gives(db, data_folder, rules_of_worlds, batch):
    random = Random(batch)
    worlds = [build_world(random.randint, number + 1) for number in range(BATCH)]
    followed, whole = follow_through(worlds, random, random.choice(DAYS))
    assert differences(followed, whole) == []
    assert followed["seq"] == whole["seq"] == Fact.objects.count()
    assert len(whole["states"]) > 5 * BATCH


@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_following_holds_on_a_world_that_shrinks(data, tmp_path_factory, django_db_blocker):
    from django.db import transaction

    def pick(least, most):
        return data.draw(st.integers(least, most))

    with pytest.MonkeyPatch.context() as patch:
        from django.conf import settings as django_settings

        patch.setattr(django_settings, "DATA", tmp_path_factory.mktemp("world"))
        rules_of_worlds.__wrapped__(patch)
        world, seed = build_world(pick, 1), data.draw(st.integers(0, 99))
        with transaction.atomic():
            followed, whole = follow_through([world], Random(seed), DAYS[seed % len(DAYS)])
            transaction.set_rollback(True)
    assert differences(followed, whole) == []


def test_only_what_is_touched_is_looked_at_again(small_city):
    refresh(DAY, by=SYSTEM)
    first = small_city.classes[0]
    visit(small_city, small_city.children[first.pk][0], first, date(2025, 9, 20))
    said: list[str] = []
    refresh(DAY, by=SYSTEM, say=said.append)
    assert f"{VISITS} 2025-2026: 1 looked at again" in said
    assert not any("home-visit-system" in line for line in said)


def test_a_new_teacher_touches_every_child_of_the_class(small_city):
    first = small_city.classes[0]
    child = small_city.children[first.pk][0]
    visit(small_city, child, first, date(2025, 9, 20), actor_id=77)
    refresh(DAY, by=SYSTEM)
    assert queries.figure(VISITS, "2025-2026", first.pk, exact=True).counts["met"] == 0
    fact("post.held", first, first, date(2025, 9, 1), actor_id=77, status="class_teacher")
    said: list[str] = []
    refresh(DAY, by=SYSTEM, say=said.append)
    assert f"{VISITS} 2025-2026: 6 looked at again" in said
    assert queries.figure(VISITS, "2025-2026", first.pk, exact=True).counts["met"] == 1
    page = queries.rows(VISITS, "2025-2026", first.pk, states=["met"], exact=True)
    assert [row.subject_id for row in page.object_list] == [child]


def test_a_new_day_a_changed_tree_and_a_changed_class_are_evaluated_whole(small_city):
    before = refresh(DAY, by=SYSTEM)
    assert whole_because(DAY) == ""
    assert whole_because(date(2025, 9, 26)) == "from nothing: a new day is evaluated whole"
    assert queries.current_refresh() != before
    day = date(2025, 9, 26)
    Containment.objects.filter(place=small_city.classes[0]).update(until_on=day)
    assert whole_because(day) == "from nothing: the tree of places has changed"
    SchoolClass.objects.filter(place=small_city.classes[1]).update(grade=2)
    assert whole_because(day) == "from nothing: the tree of places has changed"
    assert whole_because(day) == ""


def whole_because(day: date) -> str:
    said: list[str] = []
    refresh(day, by=SYSTEM, say=said.append)
    return next((line for line in said if line.startswith("from nothing")), "")


def test_files_that_are_gone_are_made_anew(small_city):
    done = refresh(DAY, by=SYSTEM)
    for path in stored_states.states_file(done.pk, VISITS, "2025-2026").parent.iterdir():
        path.unlink()
    first = small_city.classes[0]
    visit(small_city, small_city.children[first.pk][0], first, date(2025, 9, 20))
    assert "gone" in whole_because(DAY)
    assert queries.figure(VISITS, "2025-2026", first.pk, exact=True).counts["met"] == 1


def test_when_much_has_changed_states_are_written_whole(small_city, monkeypatch):
    monkeypatch.setattr(following, "_FEW", 3)
    refresh(DAY, by=SYSTEM)
    first = small_city.classes[0]
    for child in small_city.children[first.pk]:
        visit(small_city, child, first, date(2025, 9, 20))
    assert "a tenth" in whole_because(DAY)
    assert queries.figure(VISITS, "2025-2026", first.pk, exact=True).counts["met"] == 6


def test_whoever_holds_the_figures_of_before_finds_their_rows(small_city):
    first = small_city.classes[0]
    held = refresh(DAY, by=SYSTEM)
    visit(small_city, small_city.children[first.pk][0], first, date(2025, 9, 20))
    refresh(DAY, by=SYSTEM)
    stored = stored_states.stored_states(held, VISITS, "2025-2026")
    query = "SELECT COUNT(*) FROM states WHERE state = 'met'"
    assert stored_states.query_states(stored, query, []) == [(0,)]
    stored = stored_states.stored_states(queries.current_refresh(), VISITS, "2025-2026")
    assert stored_states.query_states(stored, query, []) == [(1,)]


def test_a_following_that_fails_leaves_the_figures_as_they_were(small_city, monkeypatch):
    refresh(DAY, by=SYSTEM)
    before = everything()
    first = small_city.classes[0]
    visit(small_city, small_city.children[first.pk][0], first, date(2025, 9, 20))

    def fail(*_):
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(following, "record", fail)
        with pytest.raises(TypeError):
            refresh(DAY, by=SYSTEM)
    assert everything() == before
    assert whole_because(DAY) == ""
    assert queries.figure(VISITS, "2025-2026", first.pk, exact=True).counts["met"] == 1


def test_worlds_do_not_share_ids():
    worlds = [build_world(Random(n).randint, n) for n in range(3)]
    seen = [row.subject_id // ROOM for world in worlds for row in world.facts]
    assert set(seen) == {0, 1, 2}


@pytest.mark.without_database
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.duty)
def test_every_kind_of_fact_in_a_rule_s_sql_is_one_that_touches_it(rule):
    """A shape may read more than it counts, as the open day reads what is only planned."""
    named = re.findall(r"'([a-z_]+\.[a-z_]+)'", compiled.states(rule, DAYS[1], "duckdb"))
    assert named
    assert set(named) <= set(kinds_read(rule))


def test_whatever_has_a_subject_in_every_class_is_followed_by_those_that_are_touched():
    """Of a whole city they are more than may change at once: evaluated whole, every one would count as
    changed, and following would end in an evaluation from nothing."""
    many = ("child", "class", "family", "communication")
    rules = [rule for rule in following.rules_on(date(2026, 11, 26)) if rule.subject in many]
    assert len(rules) > 10
    assert [rule.duty for rule in rules if scope_of(rule) is None] == []
