"""Nobody who keeps every published page can pin a small cell, though the roll did not change.

The reader of these tests has all tables of all days, month ends and days asked for alike, knows
that the same children were on the roll of every place all the time, and reckons with all of it.
"""

from __future__ import annotations

from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gongyu.indicators.suppression import Row

from .riddle import Cell, Riddle, hidden_cells

MINIMUM = 5
STATES = 4
DEAR = (1, 0)


def history(random: Random, days: int) -> list[list[Row]]:
    """The tables of some days: districts and schools with fixed rolls, whose children move from
    state to state. The first day finds almost everybody in one state, as a school year does."""
    parents = {0: None}
    for district in range(1, random.randint(2, 4)):
        parents[district] = 0
    schools = {}
    for district in list(parents)[1:]:
        for _ in range(random.randint(1, 3)):
            schools[len(parents)] = random.choice([2, 3, 4, 8, 8, 20, 60])
            parents[len(parents)] = district
    standing = {school: _begin(random, roll) for school, roll in schools.items()}
    tables = []
    for _ in range(days):
        tables.append(_table(parents, standing))
        for states in standing.values():
            for _ in range(random.choice([0, 0, 1, 3, 10])):
                _move_one(random, states)
    return tables


def _begin(random: Random, roll: int) -> list[int]:
    states = [0] * STATES
    states[1] = roll
    for _ in range(random.choice([0, 0, 2])):
        _move_one(random, states)
    return states


def _move_one(random: Random, states: list[int]) -> None:
    source = random.choice([state for state in range(STATES) if states[state]])
    states[source] -= 1
    states[random.randrange(STATES)] += 1


def _table(parents: dict, standing: dict[int, list[int]]) -> list[Row]:
    values = {place: [0] * STATES for place in parents}
    for school, states in standing.items():
        place: int | None = school
        while place is not None:
            values[place] = [a + b for a, b in zip(values[place], states, strict=True)]
            place = parents[place]
    return [Row(place, parents[place], (*values[place], sum(values[place]))) for place in parents]


def pinnable(tables: list[list[Row]]) -> list[Cell]:
    """The small cells that are to be protected. Where the whole roll is smaller than the minimum
    and all in one state, the cell is the roll itself, which this reader knows."""
    return [
        (number, row.place_id, column)
        for number, rows in enumerate(tables)
        for row in rows
        for column, value in enumerate(row.values[:-1])
        if 0 < value < MINIMUM and value < row.values[-1]
    ]


@settings(deadline=None, max_examples=120, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.randoms(use_true_random=False), st.integers(2, 4))
def test_all_days_together_pin_no_small_cell(random, days):
    tables = history(random, days)
    hidden = [hidden_cells(rows, MINIMUM, DEAR) for rows in tables]
    riddle = Riddle(list(zip(tables, hidden, strict=True)))
    small = pinnable(tables)
    assert all(cell in riddle.cells for cell in small), "a small cell was shown"
    assert not set(riddle.determined_by_equations()) & set(small)


@settings(deadline=None, max_examples=120, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.randoms(use_true_random=False))
def test_another_value_fits_in_every_small_cell_though_all_rolls_are_known(random):
    """A stronger reader still, who was told every roll: then one day says nothing of another, and
    each is tried alone, with whole numbers and no count below zero."""
    rows = history(random, 3)[-1]
    hidden = hidden_cells(rows, MINIMUM, DEAR)
    riddle = Riddle([(rows, {place: columns - {STATES} for place, columns in hidden.items()})])
    for cell in pinnable([rows]):
        assert riddle.another_value_fits(cell), (rows, cell)


def test_the_reader_of_an_earlier_day_learns_nothing_of_those_who_declined():
    """The case that this rule is for: at a month's end nobody had declined and all was shown."""
    before = [
        Row(1, None, (90, 30, 0, 120)),
        Row(2, 1, (50, 20, 0, 70)),
        Row(3, 1, (40, 10, 0, 50)),
    ]
    today = [Row(1, None, (95, 22, 3, 120)), Row(2, 1, (52, 15, 3, 70)), Row(3, 1, (43, 7, 0, 50))]
    tables = [(rows, hidden_cells(rows, MINIMUM, DEAR)) for rows in (before, today)]
    assert tables[0][1] == {}
    assert all(3 not in columns for columns in tables[1][1].values()), "the roll is known anyway"
    assert {(1, 1, 2), (1, 2, 2)} <= set(Riddle(tables).cells)
    assert Riddle(tables).determined_by_equations() == []


def test_the_reader_does_find_what_is_only_hidden_with_its_sum():
    """The test's own trial: the rule of before, by which a sum could be company for a state."""
    before = [Row(1, None, (90, 30, 0, 120))]
    today = [Row(1, None, (95, 22, 3, 120))]
    riddle = Riddle([(before, {}), (today, {1: frozenset({2, 3})})])
    assert riddle.determined_by_equations() == [(1, 1, 2)]


def test_two_neighbouring_days_on_which_nothing_moved_say_the_same():
    rows = history(Random(5), 1)[0]
    again = [Row(row.place_id, row.parent_id, row.values) for row in reversed(rows)]
    assert hidden_cells(rows, MINIMUM, DEAR) == hidden_cells(again, MINIMUM, DEAR)
