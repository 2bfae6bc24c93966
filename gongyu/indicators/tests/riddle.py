"""What a reader knows who keeps all published tables of a place and tries to work out the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gongyu.indicators.suppression import Forest, Row

Hidden = dict[int, frozenset[int]]


def hidden_cells(
    rows: Sequence[Row], minimum: int, dear: tuple[int, ...] = (), before: Mapping = {}
) -> Hidden:
    """What `Forest.hidden` says, as sets of columns."""
    bits = {place: sum(1 << column for column in columns) for place, columns in before.items()}
    found = Forest(rows).hidden(minimum, dear, bits)
    return {
        place: frozenset(i for i in range(columns.bit_length()) if columns >> i & 1)
        for place, columns in found.items()
    }


# A cell is (number of the table, place, column).
Cell = tuple[int, int, int]


class Riddle:
    """Tables of one tree on several days, each with its hidden cells, read together. The rolls are
    known to be the same on all days: a sum shown once is known always, and a sum shown never is
    the same unknown in every table.
    """

    def __init__(self, tables: Sequence[tuple[list[Row], Hidden]]):
        self.truth: list[int] = []
        self.cells: dict[Cell, int] = {}
        self.equations: list[dict[int, int]] = []
        for number, (rows, hidden) in enumerate(tables):
            self._cells_of(number, rows, hidden, tables)
        for number, (rows, _) in enumerate(tables):
            self._equations_of(number, rows)

    def _cells_of(self, number: int, rows: list[Row], hidden: Hidden, tables: Sequence) -> None:
        for row in rows:
            total = len(row.values) - 1
            for column in hidden.get(row.place_id, ()):
                if column < total:
                    self.cells[number, row.place_id, column] = self._unknown(row.values[column])
            if all(total in other.get(row.place_id, ()) for _, other in tables):
                first = (0, row.place_id, total)
                unknown = self.cells[first] if number else self._unknown(row.values[total])
                self.cells[number, row.place_id, total] = unknown

    def _unknown(self, truth: int) -> int:
        self.truth.append(truth)
        return len(self.truth) - 1

    def _equations_of(self, number: int, rows: list[Row]) -> None:
        children: dict[int | None, list[Row]] = {}
        for row in rows:
            children.setdefault(row.parent_id, []).append(row)
        for row in rows:
            total = len(row.values) - 1
            signs = {(number, row.place_id, c): 1 if c < total else -1 for c in range(total + 1)}
            self._equation(signs)
            below = children.get(row.place_id, [])
            if below:
                self._sums(number, row, below)

    def _sums(self, number: int, row: Row, below: list[Row]) -> None:
        rest = [value - sum(c.values[i] for c in below) for i, value in enumerate(row.values)]
        first = len(self.truth)
        if any(rest):
            # What stands directly at the parent is a row of its own that is shown nowhere.
            self.truth.extend(rest)
            self.equations.append({first + i: 1 for i in range(len(rest) - 1)})
            self.equations[-1][first + len(rest) - 1] = -1
        for column in range(len(rest)):
            terms = {(number, row.place_id, column): -1}
            terms.update({(number, child.place_id, column): 1 for child in below})
            self._equation(terms, {first + column: 1} if any(rest) else {})

    def _equation(self, terms: dict, more: dict[int, int] | None = None) -> None:
        unknown = {self.cells[cell]: sign for cell, sign in terms.items() if cell in self.cells}
        unknown.update(more or {})
        if unknown:
            self.equations.append(unknown)

    def determined_by_equations(self) -> list[Cell]:
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

    def another_value_fits(self, cell: Cell) -> bool:
        """Whether some whole-number tables without negatives have another value in this cell."""
        unknown = self.cells[cell]
        right = [sum(sign * self.truth[u] for u, sign in e.items()) for e in self.equations]
        # Tables that differ from the truth in few cells are looked for first.
        for changes in (4, 8, 12, 16, 24, 40):
            budget = [20_000]
            for step in (1, -1):
                value = self.truth[unknown] + step
                if value >= 0 and self._solve({unknown: value}, right, changes, budget):
                    return True
        return False

    def _solve(self, fixed: dict, right: list[int], changes: int, budget: list[int]) -> bool:
        budget[0] -= 1
        if budget[0] < 0 or sum(fixed[u] != self.truth[u] for u in fixed) > changes:
            return False
        undecided = None
        for equation, value in zip(self.equations, right, strict=True):
            loose = [u for u in equation if u not in fixed]
            left = value - sum(s * fixed[u] for u, s in equation.items() if u in fixed)
            if not loose and left:
                return False
            if len(loose) == 1:
                forced = left * equation[loose[0]]
                if forced < 0:
                    return False
                return self._solve({**fixed, loose[0]: forced}, right, changes, budget)
            if loose and left != sum(equation[u] * self.truth[u] for u in loose):
                undecided = loose
        # Without an open question every other unknown may keep its true value.
        return undecided is None or any(
            self._solve({**fixed, unknown: value}, right, changes, budget)
            for unknown in undecided
            for value in (self.truth[unknown] - 1, self.truth[unknown] + 1)
            if value >= 0
        )
