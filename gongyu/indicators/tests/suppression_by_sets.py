"""The rules of `indicators/suppression` once more, in sets and without any haste: the oracle that the
fast one must agree with, cell by cell. Why it is done so stands there."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from gongyu.indicators.suppression import Row


@dataclass(eq=False)
class _Node:
    """Places that show one and the same row: a place and, down the line, its only child."""

    values: tuple[int, ...]
    dear: tuple[int, ...]
    places: list[int] = field(default_factory=list)
    before: frozenset[int] = frozenset()
    children: list[_Node] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    # States that can count one less while another hidden one counts one more.
    falling: set[int] = field(default_factory=set)

    @property
    def total(self) -> int:
        return len(self.values) - 1

    def dearness(self, column: int) -> int:
        if column in self.before:
            return -1
        return self.dear.index(column) + 1 if column in self.dear else 0

    def is_all_of(self, column: int) -> bool:
        """Whether everybody is in this state: then it says what the sum says."""
        return self.values[column] == self.values[self.total]


def hidden_by_sets(
    rows: Iterable[Row],
    minimum: int,
    dear: tuple[int, ...] = (),
    before: Mapping[int, frozenset[int]] = MappingProxyType({}),
) -> dict[int, frozenset[int]]:
    """{place id: indexes of the values that must not be shown}; places that hide nothing are left
    out. Counts from 1 to minimum - 1 are small. A row whose parent is not among the rows is a root.

    `dear` columns are what readers come for, the dearest last: as company they are hidden last.
    `before` are the cells that were hidden when the figures were made last: they are company first,
    so that a quiet day shows nothing that the day before hid.
    Where a place counts more than its children together, the rest is taken to be shown nowhere.
    """
    found: dict[int, frozenset[int]] = {}
    for root in _trees(rows, dear, before):
        root.hidden = _small(root, minimum)
        _hide_a_second(root)
        root.falling = {
            i for i in root.hidden if root.values[i] and len(root.hidden - {root.total}) > 1
        }
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
    """One hidden state alone would be the sum less the others. Where everybody is in one state
    there is no second one to hide; it is then as open or closed as the sum."""
    states = node.hidden - {node.total}
    if not node.hidden or len(states) > 1 or any(node.is_all_of(state) for state in states):
        return
    node.hidden |= _cheapest_states(node, 2 - len(states))


def _cheapest_states(node: _Node, count: int) -> set[int]:
    """The smallest counts above zero that are not hidden yet; what is dear last."""
    others = [i for i in range(node.total) if node.values[i] and i not in node.hidden]
    return set(sorted(others, key=lambda i: (node.dearness(i), node.values[i]))[:count])


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
            if not child.values[column] or _shifts_with(parent, child, column):
                continue
            partner = _protect(child, column, family)
            if partner is not None and partner.places:
                waiting.append(partner)
    for child in family:
        child.falling = _falling(child, parent)


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
    dearness = sum(node.dearness(column) for column in new)
    return dearness, len(new), sum(node.values[column] for column in new)


def _shifts_with(parent: _Node, child: _Node, column: int) -> bool:
    """Whether the child can take on the shifts of the parent's cell: what may be otherwise there
    may then be otherwise here, and needs no square of its own."""
    if column not in parent.hidden or not parent.hidden <= child.hidden:
        return False
    # Downwards the child can go where it counts any; upwards only if all the others can go down.
    return column in parent.falling or all(child.values[hidden] for hidden in parent.hidden)


def _falling(child: _Node, parent: _Node) -> set[int]:
    """The hidden states of the child that can count one less while another counts one more."""
    states = [i for i in child.hidden if child.values[i] and i != child.total]
    return {
        i for i in states if _falls_with(parent, child, i) or _falls_in_a_square(child, parent, i)
    }


def _falls_with(parent: _Node, child: _Node, column: int) -> bool:
    return column in parent.falling and parent.hidden <= child.hidden


def _falls_in_a_square(child: _Node, parent: _Node, column: int) -> bool:
    return any(
        sibling.values[other]
        for sibling in parent.children
        if sibling is not child and column in sibling.hidden
        for other in (child.hidden & sibling.hidden) - {column, child.total}
    )


def _protect(child: _Node, column: int, family: list[_Node]) -> _Node | None:
    """See to it that the cell stands in a square of hidden cells along which counts can shift.
    Returns the sibling that had to hide more; None when nothing changed or nothing can shift."""
    # A square with the sums in it is for the sums themselves, and where no other one is left.
    best = _cheapest_square(child, column, family, range(child.total))
    if best is None:
        best = _cheapest_square(child, column, family, [child.total])
    if best is None or not any(best.cost[:2]):
        return None
    child.hidden.add(best.other)
    best.sibling.hidden |= {column, best.other}
    return best.sibling


@dataclass(frozen=True, slots=True)
class _Square:
    """A second place and a second column, and what hiding the corners takes away."""

    sibling: _Node
    other: int
    cost: tuple[int, ...]


def _cheapest_square(
    child: _Node, column: int, family: list[_Node], others: Iterable[int]
) -> _Square | None:
    best: _Square | None = None
    others = [other for other in others if other != column]
    for sibling in family:
        if sibling is child:
            continue
        for other in others:
            if not _can_shift(child, sibling, column, other):
                continue
            pair = {column, other}
            both = zip(_cost(child, pair), _cost(sibling, pair), strict=True)
            square = _Square(sibling, other, tuple(map(sum, both)))
            if not any(square.cost[:2]):
                return square
            if best is None or square.cost < best.cost:
                best = square
    return best


def _can_shift(one: _Node, two: _Node, column: int, other: int) -> bool:
    """Whether the square of two siblings and two columns can move one way without going below 0."""
    if other == one.total:
        return one.values[column] > 0 or two.values[column] > 0
    if column == one.total:
        return one.values[other] > 0 or two.values[other] > 0
    there = one.values[column] > 0 and two.values[other] > 0
    back = two.values[column] > 0 and one.values[other] > 0
    return there or back


def _trees(
    rows: Iterable[Row], dear: tuple[int, ...], before: Mapping[int, frozenset[int]]
) -> list[_Node]:
    rows = [row for row in rows if row.values[-1] > 0]
    known: Mapping[int, Row] = {row.place_id: row for row in rows}
    below: dict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in known else None].append(row)
    roots = [_node(row, below, dear) for row in below[None]]
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        node.before = frozenset().union(*(before.get(place, ()) for place in node.places))
        waiting.extend(node.children)
    return roots


def _node(row: Row, below: dict[int | None, list[Row]], dear: tuple[int, ...]) -> _Node:
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
