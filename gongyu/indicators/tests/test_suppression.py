"""No hidden cell can be worked out: by equations, or by equations and "no count is below zero"."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from gongyu.indicators.suppression import Row, hidden_cells

MINIMUM = 5


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


class Riddle:
    """What somebody knows who sees all cells but the hidden ones."""

    def __init__(self, rows: list[Row], hidden: dict[int, frozenset[int]]):
        self.truth: list[int] = []
        self.cells: dict[tuple[int, int], int] = {}
        for row in rows:
            for column in hidden.get(row.place_id, ()):
                self.cells[row.place_id, column] = len(self.truth)
                self.truth.append(row.values[column])
        self.equations: list[dict[int, int]] = []
        children: dict[int, list[Row]] = {}
        for row in rows:
            children.setdefault(row.parent_id, []).append(row)
        for row in rows:
            total = len(row.values) - 1
            self._equation({(row.place_id, c): 1 if c < total else -1 for c in range(total + 1)})
            below = children.get(row.place_id, [])
            if below:
                self._sums(row, below)

    def _sums(self, row: Row, below: list[Row]) -> None:
        rest = [value - sum(c.values[i] for c in below) for i, value in enumerate(row.values)]
        first = len(self.truth)
        if any(rest):
            # What stands directly at the parent is a row of its own that is shown nowhere.
            self.truth.extend(rest)
            self.equations.append({first + i: 1 for i in range(len(rest) - 1)})
            self.equations[-1][first + len(rest) - 1] = -1
        for column in range(len(rest)):
            terms = {(row.place_id, column): -1}
            terms.update({(child.place_id, column): 1 for child in below})
            self._equation(terms, {first + column: 1} if any(rest) else {})

    def _equation(self, terms: dict, more: dict[int, int] | None = None) -> None:
        unknown = {self.cells[cell]: sign for cell, sign in terms.items() if cell in self.cells}
        unknown.update(more or {})
        if unknown:
            self.equations.append(unknown)

    def determined_by_equations(self) -> list[tuple[int, int]]:
        matrix = np.zeros((len(self.equations), len(self.truth)))
        for number, equation in enumerate(self.equations):
            for unknown, sign in equation.items():
                matrix[number, unknown] = sign
        _, strengths, directions = np.linalg.svd(matrix)
        rank = int((strengths > 1e-9).sum())
        free = directions[rank:]
        return [
            cell
            for cell, unknown in self.cells.items()
            if not len(free) or np.abs(free[:, unknown]).max() < 1e-9
        ]

    def another_value_fits(self, cell: tuple[int, int]) -> bool:
        """Whether some whole-number table without negatives has another value in this cell."""
        unknown = self.cells[cell]
        right = [sum(sign * self.truth[u] for u, sign in e.items()) for e in self.equations]
        for step in (1, -1):
            value = self.truth[unknown] + step
            if value >= 0 and self._solve({unknown: value}, right, budget=[40_000]):
                return True
        return False

    def _solve(self, fixed: dict[int, int], right: list[int], budget: list[int]) -> bool:
        budget[0] -= 1
        assert budget[0] > 0, "the search found no answer in reasonable time"
        undecided = None
        for equation, value in zip(self.equations, right, strict=True):
            loose = [u for u in equation if u not in fixed]
            left = value - sum(s * fixed[u] for u, s in equation.items() if u in fixed)
            if not loose and left:
                return False
            if len(loose) == 1:
                forced = left * equation[loose[0]]
                return forced >= 0 and self._solve({**fixed, loose[0]: forced}, right, budget)
            if loose and left != sum(equation[u] * self.truth[u] for u in loose):
                undecided = loose
        # Without an open question every other unknown may keep its true value.
        return undecided is None or self._try_neighbours(undecided, fixed, right, budget)

    def _try_neighbours(self, undecided: list, fixed: dict, right: list, budget: list) -> bool:
        return any(
            self._solve({**fixed, unknown: value}, right, budget)
            for unknown in undecided
            for value in (self.truth[unknown] - 1, self.truth[unknown] + 1)
            if value >= 0
        )


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
        hidden = hidden_cells(rows, MINIMUM, dear=frozenset({0}))
        shown_small = {c for c in small_cells(rows) if c[1] not in hidden.get(c[0], ())}
        assert shown_small == set()
        assert Riddle(rows, hidden).determined_by_equations() == []


def test_another_value_fits_in_every_small_cell_even_when_counts_cannot_be_negative():
    random = Random(11)
    looked_at = 0
    for _ in range(150):
        rows = a_tree(random, columns=3, depth=2, width=3, rest=False)
        dear = frozenset(random.sample(range(3), k=random.randint(0, 2)))
        riddle = Riddle(rows, hidden_cells(rows, MINIMUM, dear))
        for cell in small_cells(rows):
            looked_at += 1
            assert riddle.another_value_fits(cell), (rows, cell)
    assert looked_at > 500


def test_the_riddle_is_solved_where_only_small_cells_are_hidden():
    rows = [Row(1, None, (2, 50, 52)), Row(2, 1, (2, 20, 22)), Row(3, 1, (0, 30, 30))]
    only_small = {1: frozenset({0}), 2: frozenset({0})}
    assert set(Riddle(rows, only_small).determined_by_equations()) == {(1, 0), (2, 0)}


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
    hidden = hidden_cells(rows, MINIMUM, dear=frozenset({1, 2}))
    assert hidden == {1: {0, 3}, 2: {0, 3}, 3: {0, 3}}


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
