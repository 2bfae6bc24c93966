"""Which cells of a tree of counts may not be shown: the small ones, and enough of the others that
no small one can be worked out from totals and siblings, across levels and states. Pure.

Why it holds: for every hidden cell some counts can be shifted by a little, along hidden cells only,
so that every shown cell and every sum stays as it is. A shift is a square of two siblings and two
columns; whatever it changes in a place is passed on to a child that hides the same columns.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One published place. `values` are the counts by state and, last, their sum."""

    place_id: int
    parent_id: int | None
    values: tuple[int, ...]


@dataclass(eq=False)
class _Node:
    """Places that show one and the same row: a place and, down the line, its only child."""

    values: tuple[int, ...]
    dear: frozenset[int]
    places: list[int] = field(default_factory=list)
    children: list[_Node] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)

    @property
    def total(self) -> int:
        return len(self.values) - 1


def hidden_cells(
    rows: Iterable[Row], minimum: int, dear: frozenset[int] = frozenset()
) -> dict[int, frozenset[int]]:
    """{place id: indexes of the values that must not be shown}; places that hide nothing are left
    out. Counts from 1 to minimum - 1 are small. A row whose parent is not among the rows is a root.

    `dear` columns are what readers come for: as company for a small cell they are hidden last.
    Where a place counts more than its children together, the rest is taken to be shown nowhere.
    """
    found: dict[int, frozenset[int]] = {}
    for root in _trees(rows, dear):
        root.hidden = _small(root, minimum)
        _hide_a_second(root)
        waiting = deque([root])
        while waiting:
            node = waiting.popleft()
            if node.hidden:
                for place in node.places:
                    found[place] = frozenset(node.hidden)
            _hide_among_children(node, minimum)
            waiting.extend(node.children)
    return found


def _small(node: _Node, minimum: int) -> set[int]:
    return {i for i, value in enumerate(node.values) if 0 < value < minimum}


def _hide_a_second(node: _Node) -> None:
    """One hidden cell alone would be the sum less the others."""
    if len(node.hidden) == 1:
        node.hidden.add(_cheapest_column(node, node.hidden))


def _cheapest_column(node: _Node, but: set[int]) -> int:
    """The smallest count above zero that is not hidden yet; then the sum; what is dear last."""
    others = [i for i, value in enumerate(node.values) if value and i not in but]
    return min(others, key=lambda i: (i in node.dear, i == node.total, node.values[i]))


def _hide_among_children(parent: _Node, minimum: int) -> None:
    family = parent.children
    if not family:
        return
    for child in family:
        if child.places:
            child.hidden |= _small(child, minimum)
    _choose_carriers(parent)
    waiting = deque(child for child in family if child.places and child.hidden)
    while waiting:
        child = waiting.popleft()
        _hide_a_second(child)
        for column in sorted(child.hidden):
            partner = _protect(child, column, family)
            if partner is not None and partner.places:
                waiting.append(partner)


def _choose_carriers(parent: _Node) -> None:
    """For each hidden column of the parent some child takes on whatever shifts there: it hides all
    that the parent hides."""
    for column in sorted(parent.hidden):
        able = [child for child in parent.children if child.values[column]]
        if not able or any(parent.hidden <= child.hidden for child in able):
            continue
        best = min(able, key=lambda child: _cost(child, parent.hidden))
        best.hidden |= parent.hidden


def _cost(node: _Node, columns: set[int]) -> tuple[int, int, int]:
    """What hiding these columns takes away: dear cells, then cells, then how much they count."""
    new = columns - node.hidden
    return len(new & node.dear), len(new), sum(node.values[column] for column in new)


def _protect(child: _Node, column: int, family: list[_Node]) -> _Node | None:
    """See to it that the cell stands in a square of hidden cells along which counts can shift.
    Returns the sibling that had to hide more; None when nothing changed or nothing can shift."""
    best = None
    for sibling in family:
        if sibling is child:
            continue
        for other in range(len(child.values)):
            if other == column or not _can_shift(child, sibling, column, other):
                continue
            pair = {column, other}
            cost = tuple(map(sum, zip(_cost(child, pair), _cost(sibling, pair), strict=True)))
            if not any(cost[:2]):
                return None
            if best is None or cost < best[0]:
                best = (cost, sibling, other)
    if best is None:
        return None
    _, sibling, other = best
    child.hidden.add(other)
    sibling.hidden |= {column, other}
    return sibling


def _can_shift(one: _Node, two: _Node, column: int, other: int) -> bool:
    """Whether the square of two siblings and two columns can move one way without going below 0."""
    if other == one.total:
        return one.values[column] > 0 or two.values[column] > 0
    if column == one.total:
        return one.values[other] > 0 or two.values[other] > 0
    there = one.values[column] > 0 and two.values[other] > 0
    back = two.values[column] > 0 and one.values[other] > 0
    return there or back


def _trees(rows: Iterable[Row], dear: frozenset[int]) -> list[_Node]:
    rows = [row for row in rows if row.values[-1] > 0]
    known: Mapping[int, Row] = {row.place_id: row for row in rows}
    below: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in known else None].append(row)
    return [_node(row, below, dear) for row in below[None]]


def _node(row: Row, below: dict[int | None, list[Row]], dear: frozenset[int]) -> _Node:
    node = _Node(row.values, dear, [row.place_id])
    children = below[row.place_id]
    # An only child shows its parent's row again: both hide the same.
    while len(children) == 1 and children[0].values == row.values:
        node.places.append(children[0].place_id)
        children = below[children[0].place_id]
    node.children = [_node(child, below, dear) for child in children]
    rest = tuple(
        value - sum(child.values[i] for child in node.children)
        for i, value in enumerate(node.values)
    )
    if node.children and any(rest):
        # Shown nowhere, so every cell of it is hidden from the start.
        node.children.append(_Node(rest, dear, hidden=set(range(len(rest)))))
    return node
