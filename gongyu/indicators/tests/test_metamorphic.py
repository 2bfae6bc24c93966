"""What must not matter does not, and what must change changes exactly so much."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from gongyu.indicators.shapes.states import STATES

from .engines import Engine
from .oracle import Oracle
from .test_oracle import DAYS, OPEN_DAYS, QUESTIONS, VISITS
from .worlds import FIRST, UNTIL, Containment, Fact, School, World, build_world

SEEDS = range(25)


def worlds_of(seeds=SEEDS) -> list[World]:
    return [build_world(Random(seed).randint, seed) for seed in seeds]


def said(worlds: list[World], rule, as_of: int) -> set[tuple]:
    rows = Engine(worlds).states(rule, as_of)
    return {(r["subject_id"], r["place_id"], r["state"], r["reason"], r["tally"]) for r in rows}


def sums(worlds: list[World], rule, as_of: int) -> dict[int, Counter]:
    """{place: counts by state} of every place of every level."""
    return {
        row["place_id"]: Counter({state: row[state] for state in STATES if row[state]})
        for row in Engine(worlds).figures(rule, as_of)
    }


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_the_order_in_which_facts_arrive_does_not_matter(number):
    rule = QUESTIONS[number][0]
    before = worlds_of()
    after = []
    for seed, world in enumerate(before):
        seqs = [fact.seq for fact in world.facts]
        others = seqs.copy()
        Random(seed).shuffle(others)
        other = dict(zip(seqs, others, strict=True))
        facts = [
            replace(f, seq=other[f.seq], supersedes_id=other.get(f.supersedes_id))
            for f in world.facts
        ]
        after.append(replace(world, facts=Random(seed + 1).sample(facts, len(facts))))
    for as_of in DAYS:
        assert said(before, rule, as_of) == said(after, rule, as_of)


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_an_irrelevant_record_changes_nothing(number):
    rule = QUESTIONS[number][0]
    before = worlds_of()
    after = [replace(world, facts=[*world.facts, *irrelevant(world, rule)]) for world in before]
    for as_of in DAYS:
        assert said(before, rule, as_of) == said(after, rule, as_of)


def irrelevant(world: World, rule) -> list[Fact]:
    """A stranger's visit, an activity, a review of something else, a visit still to come."""
    # What is tallied for families is any activity, wherever it took place.
    counts_any = rule.subject == "family" and not rule.param("details")
    last = max(fact.seq for fact in world.facts)
    city, school = world.city, world.schools[0].place_id
    rows = [
        Fact(last + 1, "visit.held", "child", city + 70_000, None, FIRST + 3, actor_id=1),
        Fact(last + 2, "open_day.held", "place", school, school, FIRST + 3),
        Fact(last + 3, "register.reviewed", "place", school, school, FIRST + 3, detail="other"),
        Fact(last + 4, "register.valid", "place", school, school, FIRST + 3, detail="other"),
        Fact(last + 5, "post.held", "place", city, city, FIRST, actor_id=1, status="auditor"),
        Fact(last + 7, "activity.held", "place", school, school, FIRST + 3, status="other_kind"),
        Fact(last + 8, "activity.held", "place", city, school, FIRST + 3, status="open_day"),
        Fact(last + 6, "visit.held", "child", city + 70_000, None, 10**6, status="leader"),
    ]
    return [row for row in rows if not (counts_any and row.kind == "activity.held")]


@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_the_same_a_year_later_with_the_calendar_is_the_same(number):
    rule = QUESTIONS[number][0]
    shift = 365
    moved_rule = replace(
        rule,
        school_year=rule.school_year + 1,
        first=rule.first + shift,
        until=rule.until + shift,
        admission_from=rule.admission_from + shift,
        next_admission_from=rule.next_admission_from + shift,
        windows=tuple(
            replace(w, first=w.first + shift, until=w.until + shift) for w in rule.windows
        ),
    )
    before = worlds_of()
    after = [shifted(world, shift) for world in before]
    for as_of in DAYS:
        assert said(before, rule, as_of) == said(after, moved_rule, as_of + shift)


def shifted(world: World, days: int) -> World:
    def later(day: int | None) -> int | None:
        return None if day is None else day + days

    return World(
        facts=[
            replace(f, on_day=f.on_day + days, until_day=later(f.until_day)) for f in world.facts
        ],
        containments=[
            replace(c, from_day=c.from_day + days, until_day=later(c.until_day))
            for c in world.containments
        ],
        classes=[replace(c, school_year=c.school_year + 1) for c in world.classes],
        schools=world.schools,
    )


def test_moving_a_child_changes_the_figures_of_two_classes_and_of_nobody_else():
    as_of = FIRST + 60
    moves = [move for seed in range(60) if (move := a_move(seed, as_of))]
    assert len(moves) > 5
    for world, after, child, classes in moves:
        first, second = sums([world], VISITS, as_of), sums([after], VISITS, as_of)
        every = {one.place_id for one in world.classes}
        changed = {p for p in every if first.get(p, Counter()) != second.get(p, Counter())}
        assert changed == classes
        others = {row for row in said([world], VISITS, as_of) if row[0] != child}
        assert others == {row for row in said([after], VISITS, as_of) if row[0] != child}


def a_move(seed: int, as_of: int) -> tuple[World, World, int, set[int]] | None:
    """A world, the same with a child moved on the day, the child, and the two classes."""
    world = build_world(Random(seed).randint)
    oracle = Oracle(world, VISITS, as_of)
    classes = {
        one.place_id
        for one in world.classes
        if one.school_year == VISITS.school_year and one.stage == "primary"
    }
    for child, (old, state, reason, _) in sorted(oracle.visits_to_children().items()):
        others = sorted(classes - {old})
        # Two moves on one day would leave it open which of them was the last.
        if any(f.subject_id == child and f.on_day == as_of for f in oracle.of_kind("enrolment")):
            continue
        if others and old in classes and state == "in_progress" and reason != "left":
            seq = max(fact.seq for fact in world.facts) + 1
            move = Fact(seq, "enrolment", "child", child, others[0], as_of, status="moved_class")
            after = replace(world, facts=[*world.facts, move])
            return world, after, child, {old, others[0]}
    return None


def test_where_an_open_day_took_place_does_not_matter_only_which_school_answers_for_it():
    before = worlds_of()
    after = [
        replace(
            world,
            facts=[
                replace(f, place_id=f.subject_id + 30_001) if f.kind == "activity.held" else f
                for f in world.facts
            ],
        )
        for world in before
    ]
    for as_of in DAYS:
        assert said(before, OPEN_DAYS, as_of) == said(after, OPEN_DAYS, as_of)


def test_one_more_open_day_changes_that_school_and_no_other():
    as_of = FIRST + 60
    for world in worlds_of():
        school = world.schools[0].place_id
        seq = max(fact.seq for fact in world.facts) + 1
        more = Fact(seq, "activity.held", "place", school, school, FIRST + 40, status="open_day")
        after = replace(world, facts=[*world.facts, more])
        first, second = said([world], OPEN_DAYS, as_of), said([after], OPEN_DAYS, as_of)
        tallies = [{row[0]: row[4] for row in rows} for rows in (first, second)]
        assert {row for row in first if row[0] != school} == {r for r in second if r[0] != school}
        if school in tallies[0]:
            assert tallies[1][school] == tallies[0][school] + 1


def test_taking_back_every_plan_turns_what_is_unknown_into_missed_and_nothing_else():
    as_of = UNTIL + 3
    for world in worlds_of():
        plans = [f for f in world.facts if f.kind == "activity.planned"]
        seq = max(fact.seq for fact in world.facts) + 1
        cancelled = [
            replace(plan, seq=seq + n, quantity=0, supersedes_id=plan.seq)
            for n, plan in enumerate(plans)
            if plan.seq not in {f.supersedes_id for f in world.facts}
        ]
        after = replace(world, facts=[*world.facts, *cancelled])
        before_rows = {row[0]: row[2] for row in said([world], OPEN_DAYS, as_of)}
        after_rows = {row[0]: row[2] for row in said([after], OPEN_DAYS, as_of)}
        changed = {k for k in before_rows if before_rows[k] != after_rows[k]}
        # Without its plan a silent school has missed; nothing else moves.
        assert all((before_rows[k], after_rows[k]) == ("unknown", "missed") for k in changed)


def test_splitting_a_school_and_merging_it_again_gives_the_same_sums_of_the_city():
    whole = worlds_of()
    divided = [split(world) for world in whole]
    merged = [merge(*pair) for pair in zip(divided, whole, strict=True)]
    cities = [world.city for world in whole]
    for rule in (VISITS, QUESTIONS[2][0]):
        for as_of in DAYS:
            before = sums(whole, rule, as_of)
            between = sums(divided, rule, as_of)
            assert [before.get(city) for city in cities] == [between.get(c) for c in cities]
            assert between != before or not before
            assert sums(merged, rule, as_of) == before


def split(world: World) -> World:
    """The first school gives half of its classes to a new school beside it."""
    old = world.schools[0]
    new = world.city + 40_000
    moving = [c.place_id for c in world.classes if c.school_id == old.place_id][:1]
    here = [c for c in world.containments if c.place_id == old.place_id]
    containments = [
        replace(c, ancestor_id=new) if c.place_id in moving and c.ancestor_id == old.place_id else c
        for c in world.containments
    ]
    for row in here:
        ancestor = new if row.ancestor_id == old.place_id else row.ancestor_id
        containments.append(replace(row, place_id=new, ancestor_id=ancestor))
    return replace(
        world,
        containments=containments,
        classes=[replace(c, school_id=new) if c.place_id in moving else c for c in world.classes],
        schools=[*world.schools, School(new, old.kind)],
    )


def merge(divided: World, original: World) -> World:
    new = divided.schools[-1].place_id
    old = original.schools[0].place_id
    return replace(
        divided,
        containments=[
            replace(c, ancestor_id=old) if c.ancestor_id == new else c
            for c in divided.containments
            if c.place_id != new
        ],
        classes=[replace(c, school_id=old) if c.school_id == new else c for c in divided.classes],
        schools=divided.schools[:-1],
    )


def test_every_sum_is_what_walking_up_the_tree_day_by_day_gives():
    levels = ("class", "campus", "school", "town", "district", "city")
    worlds = worlds_of(range(40))
    for as_of in DAYS:
        expected: dict[int, Counter] = {}
        for world in worlds:
            oracle = Oracle(world, VISITS, as_of)
            for place, state, _, _ in oracle.visits_to_children().values():
                for above in {oracle.ancestor(place, level) for level in levels} - {None}:
                    expected.setdefault(above, Counter())[state] += 1
        assert sums(worlds, VISITS, as_of) == expected


def test_a_place_that_closed_goes_wherever_the_place_above_it_goes():
    world = World(
        containments=[
            Containment(1, "city", 1, "city", 0),
            *(Containment(n, "district", n, "district", 0) for n in (2, 3)),
            *(Containment(n, "district", 1, "city", 0) for n in (2, 3)),
            Containment(4, "school", 4, "school", 0),
            Containment(4, "school", 2, "district", 0, 50),
            Containment(4, "school", 3, "district", 50),
            Containment(4, "school", 1, "city", 0),
            Containment(5, "class", 5, "class", 0, 20),
            Containment(5, "class", 4, "school", 0, 20),
            Containment(5, "class", 2, "district", 0, 20),
        ]
    )
    rows = Engine([world]).ancestors(60)
    above = {row["ancestor_id"] for row in rows if row["place_id"] == 5}
    assert above == {5, 4, 3, 1}
