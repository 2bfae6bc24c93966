"""Which cells of a table with sums may not be shown: the small ones, and enough others that none of
them can be worked out. Pure.

Every small cell gets company: three other hidden cells, of another row and another column, so that
one case more here and one less there leave every shown number as it is. The sums are a row and a
column like the others, only that they grow with their cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

Table = Sequence[Sequence[int]]
Cell = tuple[int, int]


def hidden_cells(table: Table, minimum: int) -> set[Cell]:
    """(row, column) of every cell to hide in a table whose last row and last column are sums. A
    cell is small from 1 to below `minimum`; nothing is nobody."""
    small = sorted(
        (r, c) for r, row in enumerate(table) for c, n in enumerate(row) if 0 < n < minimum
    )
    hidden = set(small)
    for cell in small:
        ways = _companies(table, cell)
        if any(way <= hidden for way in ways):
            continue
        # In a table of sums there is always one: the sums of all.
        hidden |= min(ways, key=lambda way: _dearness(table, way - hidden))
    return hidden


def _companies(table: Table, cell: Cell) -> list[set[Cell]]:
    """Every set of three cells that hides this one."""
    row, column = cell
    rows = [r for r in range(len(table)) if r != row]
    columns = [c for c in range(len(table[0])) if c != column]
    found = []
    for r, c in product(rows, columns):
        square = {(row, column): 1, (row, c): -1, (r, column): -1, (r, c): 1}
        if any(_stays_possible(table, square, way) for way in (1, -1)):
            found.append({(row, c), (r, column), (r, c)})
    return found


def _stays_possible(table: Table, square: dict[Cell, int], way: int) -> bool:
    """Whether each number of the square can change by one this way and none falls below nothing."""
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    for (r, c), sign in square.items():
        # A sum grows where its cell grows, so its sign turns round.
        turned = (r == last_row) != (c == last_column)
        change = way * (-sign if turned else sign)
        if table[r][c] + change < 0:
            return False
    return True


def _dearness(table: Table, fresh: set[Cell]) -> tuple[int, int, list[Cell]]:
    """The fewest further cells, and of those the ones that say least; sums are dear."""
    last_row, last_column = len(table) - 1, len(table[0]) - 1
    sums = sum((r == last_row) + (c == last_column) for r, c in fresh)
    return len(fresh) + 2 * sums, sum(table[r][c] for r, c in fresh), sorted(fresh)
