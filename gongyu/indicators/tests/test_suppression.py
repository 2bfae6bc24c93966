"""No hidden cell can be worked out: by equations, or by equations and "no count is below zero"."""

from __future__ import annotations

import os
from random import Random

import pytest

from gongyu.indicators.suppression import Forest, Row

from .riddle import Riddle, hidden_cells
from .suppression_by_sets import hidden_by_sets

MINIMUM = 5
TREES = int(os.environ.get("GONGYU_TREES", "300"))


def a_tree(random: Random, columns: int, depth: int, width: int, rest: bool) -> list[Row]:
    """Rows of a random tree whose counts add up, zeros and only children among them."""
    rows: list[Row] = []

    def grow(parent: int | None, level: int) -> tuple[int, ...]:
        place = len(rows)
        rows.append(Row(place, parent, ()))
        sums = [0] * columns
        if level < depth and random.random() < 0.9:
            for _ in range(random.randint(1, width)):
                child = grow(place, level + 1)
                sums = [a + b for a, b in zip(sums, child[:-1], strict=True)]
            if rest and random.random() < 0.3:
                sums[random.randrange(columns)] += random.randint(1, 4)
        else:
            sums = [random.choice([0, 0, 1, 2, 3, 6, 9, 40]) for _ in range(columns)]
        values = (*sums, sum(sums))
        rows[place] = Row(place, parent, values)
        return values

    grow(None, 0)
    return rows


def small_cells(rows: list[Row]) -> set[tuple[int, int]]:
    return {
        (row.place_id, column)
        for row in rows
        for column, value in enumerate(row.values)
        if 0 < value < MINIMUM
    }


@pytest.mark.parametrize("rest", [False, True])
def test_every_small_cell_is_hidden_and_no_hidden_cell_follows_from_the_others(rest):
    random = Random(7)
    for _ in range(120):
        rows = a_tree(random, columns=random.randint(2, 5), depth=3, width=3, rest=rest)
        hidden = hidden_cells(rows, MINIMUM, dear=(0,))
        shown_small = {c for c in small_cells(rows) if c[1] not in hidden.get(c[0], ())}
        assert shown_small == set()
        found = Riddle([(rows, hidden)]).determined_by_equations()
        values = {row.place_id: row.values for row in rows}
        assert not any(values[place][column] for _, place, column in found), "zeros are no secret"


def test_another_value_fits_in_every_small_cell_even_when_counts_cannot_be_negative():
    random = Random(11)
    looked_at = 0
    for _ in range(150):
        rows = a_tree(random, columns=3, depth=2, width=3, rest=False)
        dear = tuple(random.sample(range(3), k=random.randint(0, 2)))
        riddle = Riddle([(rows, hidden_cells(rows, MINIMUM, dear))])
        for cell in small_cells(rows):
            looked_at += 1
            assert riddle.another_value_fits((0, *cell)), (rows, cell)
    assert looked_at > 500


def test_the_riddle_is_solved_where_only_small_cells_are_hidden():
    rows = [Row(1, None, (2, 50, 52)), Row(2, 1, (2, 20, 22)), Row(3, 1, (0, 30, 30))]
    only_small = {1: frozenset({0}), 2: frozenset({0})}
    assert set(Riddle([(rows, only_small)]).determined_by_equations()) == {(0, 1, 0), (0, 2, 0)}


def test_a_tree_without_small_cells_hides_nothing():
    rows = [Row(1, None, (10, 50, 60)), Row(2, 1, (10, 20, 30)), Row(3, 1, (0, 30, 30))]
    assert hidden_cells(rows, MINIMUM) == {}


def test_an_only_child_hides_what_its_parent_hides():
    rows = [Row(1, None, (2, 50, 52)), Row(2, 1, (2, 50, 52)), Row(3, 2, (2, 50, 52))]
    hidden = hidden_cells(rows, MINIMUM)
    assert hidden[1] == hidden[2] == hidden[3] == {0, 1}


def test_a_place_without_subjects_hides_nothing_and_protects_nobody():
    rows = [Row(1, None, (2, 50, 52)), Row(2, 1, (2, 50, 52)), Row(3, 1, (0, 0, 0))]
    assert 3 not in hidden_cells(rows, MINIMUM)


def test_what_readers_come_for_is_hidden_last():
    rows = [Row(1, None, (2, 50, 40, 92)), Row(2, 1, (2, 20, 5, 27)), Row(3, 1, (0, 30, 35, 65))]
    hidden = hidden_cells(rows, MINIMUM, dear=(1, 2))
    assert hidden == {1: {0, 1}, 2: {0, 1}}


def test_brothers_hide_what_would_tell_where_the_parent_shows_it():
    rows = [Row(1, None, (9, 50, 40, 99)), Row(2, 1, (2, 20, 5, 27)), Row(3, 1, (7, 30, 35, 72))]
    assert hidden_cells(rows, MINIMUM, dear=(1, 2)) == {2: {0, 1}, 3: {0, 1}}


def test_most_of_a_whole_city_is_shown():
    random = Random(3)
    schools = [
        Row(10_000 + i, 100 + i % 999, (*sizes, sum(sizes)))
        for i in range(9_000)
        for sizes in [[random.choice([200, 500, 900]), 60, random.choice([0, 2, 12]), i % 9]]
    ]
    towns = [Row(100 + i, 1 + i % 37, added(schools, 100 + i)) for i in range(999)]
    districts = [Row(1 + i, 0, added(towns, 1 + i)) for i in range(37)]
    rows = [Row(0, None, added(districts, 0)), *districts, *towns, *schools]
    hidden = hidden_cells(rows, MINIMUM)
    cells = sum(1 for row in rows for value in row.values if value)
    gone = sum(len(columns) for columns in hidden.values())
    assert 0 < gone < cells / 2


def added(rows: list[Row], parent: int) -> tuple[int, ...]:
    return tuple(map(sum, zip(*(r.values for r in rows if r.parent_id == parent), strict=True)))


def test_the_fast_way_hides_what_the_slow_one_hides():
    random = Random(13)
    for _ in range(TREES):
        columns = random.randint(2, 10)
        rows = a_tree(random, columns, random.randint(1, 4), random.randint(1, 5), rest=True)
        rows = rows[random.choice([0, 0, 1]) :]
        dear = tuple(random.sample(range(columns), k=random.randint(0, min(columns, 4))))
        before = {
            row.place_id: frozenset(random.sample(range(columns + 1), k=random.randint(0, columns)))
            for row in rows
            if random.random() < 0.3
        }
        minimum = random.choice([2, 5, 10])
        slow = hidden_by_sets(rows, minimum, dear, before)
        assert hidden_cells(rows, minimum, dear, before) == slow, (rows, minimum, dear, before)


def test_one_forest_says_the_same_whatever_it_was_asked_before():
    rows = a_tree(Random(17), columns=6, depth=3, width=4, rest=True)
    forest = Forest(rows)
    first = forest.hidden(5)
    assert forest.hidden(10, (0,), {row.place_id: 3 for row in rows}) != first
    assert forest.hidden(5) == first
