"""Small numbers stay hidden: for every one another table shows just the same."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from gongyu.shared_work.tickets.hiding import hidden_cells

MINIMUM = 5


def summed(cells: list[list[int]]) -> list[list[int]]:
    table = [[*row, sum(row)] for row in cells]
    return [*table, [sum(column) for column in zip(*table, strict=True)]]


def could_be_other(cells: list[list[int]], cell: tuple[int, int], hidden: set) -> bool:
    """By trying: is there a table of whole numbers that shows the same and differs in this cell?
    Single cells vary by two at most, which is enough to find one."""
    shown = summed(cells)
    spots = [(r, c) for r in range(len(cells)) for c in range(len(cells[0])) if (r, c) in hidden]
    for change in product((-1, 0, 1), repeat=len(spots)):
        other = [list(row) for row in cells]
        for (r, c), by in zip(spots, change, strict=True):
            other[r][c] += by
        if any(n < 0 for row in other for n in row):
            continue
        table = summed(other)
        same = all(
            table[r][c] == shown[r][c] or (r, c) in hidden
            for r in range(len(table))
            for c in range(len(table[0]))
        )
        if same and table[cell[0]][cell[1]] != shown[cell[0]][cell[1]]:
            return True
    return False


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 3).flatmap(
        lambda rows: st.lists(
            st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=rows, max_size=rows
        )
    )
)
def test_no_small_number_can_be_worked_out(cells):
    table = summed(cells)
    hidden = hidden_cells(table, MINIMUM)
    for r, row in enumerate(table):
        for c, n in enumerate(row):
            if 0 < n < MINIMUM:
                assert (r, c) in hidden
                assert could_be_other(cells, (r, c), hidden), (cells, (r, c), sorted(hidden))


def test_large_numbers_and_nothing_are_shown():
    assert hidden_cells(summed([[9, 0], [0, 12]]), MINIMUM) == set()


def test_one_small_number_takes_three_others_with_it():
    hidden = hidden_cells(summed([[9, 2], [8, 20]]), MINIMUM)
    assert {(0, 1)} < hidden and len(hidden) == 4


def test_a_single_complaint_hides_every_sum_of_itself():
    assert hidden_cells(summed([[1]]), MINIMUM) == {(0, 0), (0, 1), (1, 0), (1, 1)}
