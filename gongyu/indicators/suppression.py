"""Which cells of a tree of counts may not be shown: the small ones, and enough of the others that
no small one can be worked out from totals and siblings, across levels and states. Pure.

Why it holds: for every hidden cell some counts can be shifted by a little, along hidden cells only,
so that every shown cell and every sum stays as it is. A shift is a square of two siblings and two
columns; whatever it changes in a place is passed on to a child that hides the same columns. At the
root two hidden states shift by themselves.

Why it holds over time: a place's sum is its roll, which readers know from an earlier day or from
the school itself. So a sum is never company for a state: the squares of states keep every sum,
and whoever knows all sums of all days learns no more (docs/adr/0008).

Sets of columns are bits of a number here, and what hiding a cell takes away is one number, because
ten thousand places are gone through several times at each refresh. `tests/suppression_by_sets.py`
says the same slowly, and both must agree.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

# A cell's price: its dearness, then one for the cell itself, then its count. Each has room for the
# sum over a row, so that sums of prices compare as the parts would, one after the other.
_A_CELL = 1 << 48
_DEARNESS = 1 << 56


@dataclass(frozen=True, slots=True)
class Row:
    """One published place. `values` are the counts by state and, last, their sum."""

    place_id: int
    parent_id: int | None
    values: tuple[int, ...]


class _Node:
    """Places that show one and the same row: a place and, down the line, its only child. `hidden`,
    `above_zero` and `falling` are sets of columns as bits; `prices` says what hiding each column
    takes away."""

    __slots__ = ("above_zero", "before", "children", "falling", "hidden", "places", "prices",
                 "values")  # fmt: skip

    def __init__(self, values: tuple[int, ...], places: list[int]) -> None:
        self.values, self.places = values, places
        self.children: list[_Node] = []
        self.above_zero = sum([1 << i for i, value in enumerate(values) if value > 0])
        self.begin(0)

    def begin(self, before: int) -> None:
        """Nothing is hidden yet; `before` was hidden last."""
        # Shown nowhere, so every cell of it is hidden from the start.
        self.hidden = 0 if self.places else (1 << len(self.values)) - 1
        self.before = before
        # States that can count one less while another hidden one counts one more.
        self.falling = 0
        self.prices: list[int] | None = None


class _Suppression:
    """The rules for trees whose rows have so many columns, the last of which is the sum."""

    def __init__(self, columns: int, minimum: int, dear: tuple[int, ...]) -> None:
        self.total, self.minimum = columns - 1, minimum
        self.sum = 1 << self.total
        self.states = self.sum - 1
        self.dearness = [dear.index(i) + 1 if i in dear else 0 for i in range(columns)]

    def hide_below(self, root: _Node) -> Iterable[_Node]:
        """Hide what must be in a tree; gives its nodes from above downwards."""
        root.hidden = self._small(root)
        self._hide_a_second(root)
        if (root.hidden & self.states).bit_count() > 1:
            root.falling = root.hidden & root.above_zero
        waiting = deque([root])
        while waiting:
            node = waiting.popleft()
            yield node
            if node.children:
                self._hide_among_children(node)
                waiting.extend(node.children)

    def _small(self, node: _Node) -> int:
        least = self.minimum
        return sum([1 << i for i, value in enumerate(node.values) if 0 < value < least])

    def _prices(self, node: _Node) -> list[int]:
        if node.prices is None:
            node.prices = [
                (-1 if node.before >> i & 1 else dearness) * _DEARNESS + _A_CELL + value
                for i, (dearness, value) in enumerate(zip(self.dearness, node.values, strict=True))
            ]
        return node.prices

    def _hide_a_second(self, node: _Node) -> None:
        """One hidden state alone would be the sum less the others. Where everybody is in one state
        there is no second one to hide; it is then as open or closed as the sum."""
        states = node.hidden & self.states
        count = states.bit_count()
        if not node.hidden or count > 1:
            return
        if states and node.values[states.bit_length() - 1] == node.values[self.total]:
            return
        others = _columns(node.above_zero & self.states & ~node.hidden)
        prices = self._prices(node)
        # The smallest counts; what is dear last.
        for column in sorted(others, key=prices.__getitem__)[: 2 - count]:
            node.hidden |= 1 << column

    def _hide_among_children(self, parent: _Node) -> None:
        family = parent.children
        anything = parent.hidden
        for child in family:
            if child.places:
                child.hidden = self._small(child)
                anything |= child.hidden
        if not anything:
            return
        self._choose_carriers(parent)
        waiting = deque(child for child in family if child.places and child.hidden)
        while waiting:
            child = waiting.popleft()
            self._hide_a_second(child)
            for column in _columns(child.hidden & child.above_zero):
                if _shifts_with(parent, child, 1 << column):
                    continue
                partner = self._protect(child, column, family)
                if partner is not None and partner.places:
                    waiting.append(partner)
        for child in family:
            if child.children:
                child.falling = self._falling(child, parent)

    def _choose_carriers(self, parent: _Node) -> None:
        """For each hidden column of the parent some child takes on whatever shifts there: it hides
        all that the parent hides."""
        needed = parent.hidden
        for column in _columns(needed):
            able = [child for child in parent.children if child.above_zero >> column & 1]
            if not able or any(not needed & ~child.hidden for child in able):
                continue
            best = min(able, key=lambda child: self._price(child, needed))
            best.hidden |= needed

    def _price(self, node: _Node, columns: int) -> int:
        """What hiding these columns takes away: dear cells, then cells, then how much they count."""
        prices = self._prices(node)
        return sum(prices[column] for column in _columns(columns & ~node.hidden))

    def _falling(self, child: _Node, parent: _Node) -> int:
        """The hidden states of the child that can count one less while another counts one more."""
        states = child.hidden & child.above_zero & self.states
        falling = 0 if parent.hidden & ~child.hidden else states & parent.falling
        for sibling in parent.children:
            if not states & ~falling:
                break
            if sibling is not child:
                # In a square: both hide the state and another one, of which the sibling counts any.
                common = child.hidden & sibling.hidden & self.states
                others = common & sibling.above_zero
                for column in _columns(states & common & ~falling):
                    if others & ~(1 << column):
                        falling |= 1 << column
        return falling

    def _protect(self, child: _Node, column: int, family: list[_Node]) -> _Node | None:
        """See to it that the cell stands in a square of hidden cells along which counts can shift.
        Returns the sibling that had to hide more; None when nothing changed or nothing can
        shift."""
        # A square with the sums in it is for the sums themselves, and where no other one is left.
        for others in (self.states & ~(1 << column), self.sum & ~(1 << column)):
            if self._stands_in_a_square(child, column, family, others):
                return None
            sibling, other = self._cheapest_square(child, column, family, others)
            if sibling is not None:
                child.hidden |= 1 << other
                sibling.hidden |= 1 << column | 1 << other
                return sibling
        return None

    def _stands_in_a_square(
        self, child: _Node, column: int, family: list[_Node], others: int
    ) -> bool:
        """Whether a square with one of the other columns is hidden already."""
        hidden = child.hidden & others
        return any(
            sibling.hidden >> column & 1
            and sibling is not child
            and hidden & sibling.hidden & self._can_shift(child, sibling, column)
            for sibling in family
        )

    def _cheapest_square(
        self, child: _Node, column: int, family: list[_Node], others: int
    ) -> tuple[_Node | None, int]:
        """The sibling and the second column whose hiding takes away least; of several the first."""
        best, best_sibling, best_other = 0, None, 0
        mine = self._prices(child)
        for sibling in family:
            if sibling is child:
                continue
            theirs = self._prices(sibling)
            first = 0 if sibling.hidden >> column & 1 else theirs[column]
            for other in _columns(others & self._can_shift(child, sibling, column)):
                price = first
                if not child.hidden >> other & 1:
                    price += mine[other]
                if not sibling.hidden >> other & 1:
                    price += theirs[other]
                if best_sibling is None or price < best:
                    best, best_sibling, best_other = price, sibling, other
        return best_sibling, best_other

    def _can_shift(self, one: _Node, two: _Node, column: int) -> int:
        """The other columns with which the square of two siblings can move one way without going
        below zero."""
        if column == self.total:
            return one.above_zero | two.above_zero
        there, back = one.above_zero >> column & 1, two.above_zero >> column & 1
        able = (two.above_zero if there else 0) | (one.above_zero if back else 0)
        return able & self.states | (self.sum if there or back else 0)


class Forest:
    """The trees of rows, among which hidden cells can be looked for with several minimums. A row
    whose parent is not among the rows is a root; a row that counts nothing is left out."""

    def __init__(self, rows: Iterable[Row]) -> None:
        counting = [row for row in rows if row.values[-1] > 0]
        known = {row.place_id for row in counting}
        below: dict[int | None, list[Row]] = defaultdict(list)
        for row in counting:
            below[row.parent_id if row.parent_id in known else None].append(row)
        self._roots = [_node(row, below) for row in below[None]]

    def hidden(
        self,
        minimum: int,
        dear: tuple[int, ...] = (),
        before: Mapping[int, int] = MappingProxyType({}),
    ) -> dict[int, int]:
        """{place id: the values that must not be shown, as bits}; places that hide nothing are left
        out. Counts from 1 to minimum - 1 are small.

        `dear` columns are what readers come for, the dearest last: as company they are hidden last.
        `before` are the cells that were hidden when the figures were made last: they are company
        first, so that a quiet day shows nothing that the day before hid.
        Where a place counts more than its children together, the rest is taken to be shown nowhere.
        """
        found: dict[int, int] = {}
        for root in self._roots:
            _begin(root, before)
            rules = _Suppression(len(root.values), minimum, dear)
            for node in rules.hide_below(root):
                if node.hidden:
                    found.update(dict.fromkeys(node.places, node.hidden))
        return found


def _begin(root: _Node, before: Mapping[int, int]) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        last = 0
        if before:
            for place in node.places:
                last |= before.get(place, 0)
        node.begin(last)
        waiting.extend(node.children)


def _columns(bits: int) -> list[int]:
    """The columns of a set, in order."""
    found = _KNOWN.get(bits)
    if found is None:
        found = _KNOWN[bits] = [i for i in range(bits.bit_length()) if bits >> i & 1]
    return found


# With ten columns there are no more than a thousand sets.
_KNOWN: dict[int, list[int]] = {}


def _shifts_with(parent: _Node, child: _Node, bit: int) -> bool:
    """Whether the child can take on the shifts of the parent's cell: what may be otherwise there
    may then be otherwise here, and needs no square of its own."""
    if not bit & parent.hidden or parent.hidden & ~child.hidden:
        return False
    # Downwards the child can go where it counts any; upwards only if all the others can go down.
    return bool(bit & parent.falling) or not parent.hidden & ~child.above_zero


def _node(row: Row, below: Mapping[int | None, list[Row]]) -> _Node:
    node = _Node(row.values, [row.place_id])
    children = below.get(row.place_id, [])
    # An only child shows its parent's row again: both hide the same.
    while len(children) == 1 and children[0].values == row.values:
        node.places.append(children[0].place_id)
        children = below.get(children[0].place_id, [])
    if children:
        node.children = [_node(child, below) for child in children]
        together = map(sum, zip(*(child.values for child in children), strict=True))
        rest = tuple(value - added for value, added in zip(row.values, together, strict=True))
        if any(rest):
            node.children.append(_Node(rest, []))
    return node
