"""Children, their families and where they are enrolled, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from .columns import NONE, draws
from .sizes import Size
from .tree import STARTING_GRADES, Tree

MOVES, LEAVERS, LATE = 0.025, 0.006, 0.010
_GRANDPARENTS = 0.25


@dataclass(frozen=True)
class Children:
    """The i-th child has the id `ids[i]`; `classes` and `second_class` are positions of classes,
    NONE where there is no second one. Days are ordinals."""

    ids: np.ndarray
    first_class: np.ndarray
    from_day: np.ndarray
    until_day: np.ndarray
    second_class: np.ndarray
    second_from: np.ndarray
    moved_within: np.ndarray  # whether the second class is in the same school
    came_late: np.ndarray
    new_pupil: np.ndarray
    born_day: np.ndarray
    family: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def class_on(self, child: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The class of each of these children (positions) on its day."""
        second = (self.second_class[child] != NONE) & (day >= self.second_from[child])
        return np.where(second, self.second_class[child], self.first_class[child])

    def is_there(self, child: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether each of these children is enrolled anywhere on its day."""
        first = (self.until_day[child] == NONE) | (day < self.until_day[child])
        second = (self.second_class[child] != NONE) & (day >= self.second_from[child])
        return (day >= self.from_day[child]) & (first | second)


@dataclass(frozen=True)
class Cares:
    """Who cares for whom: positions of children and ids of carers, relation by its code."""

    RELATIONS = ("father", "mother", "grandmother", "grandfather")

    child: np.ndarray
    carer_id: np.ndarray
    relation: np.ndarray
    is_guardian: np.ndarray
    is_daily_carer: np.ndarray
    position: np.ndarray
    from_day: np.ndarray
    carers: int  # how many there are; their ids are 1 … carers


def settle(size: Size, seed: int, tree: Tree, first: int, on: int) -> Children:
    """Every child of the year in a class, some of them in two; a few left, a few came late.

    `first` is the school year's first day, `on` the last day on which anything has happened.
    """
    draw = draws(seed, "children")
    classes = tree.classes
    count = size.children
    home = np.repeat(np.arange(len(classes)), classes.seats)
    # Ids are given as rosters come in over the years, so a class has no range of its own.
    ids = draw.permutation(count) + 1
    from_day = classes.from_day[home].copy()
    late = draw.random(count) < LATE
    from_day[late] = first + draw.integers(1, max(on - first, 2), late.sum())
    ends = draw.random(count)
    of_this_year = classes.year[home] == tree.year
    moves = (ends < MOVES) & of_this_year & ~late
    leaves = (ends >= MOVES) & (ends < MOVES + LEAVERS) & of_this_year & ~late
    until = np.full(count, NONE)
    last = first + draw.integers(5, max(on - first, 7), count)
    until[moves | leaves] = last[moves | leaves]
    second, within = _second_classes(tree, draw, home, moves)
    pause = np.where(draw.random(count) < 0.12, draw.integers(1, 20, count), 0)
    return Children(
        ids=ids,
        first_class=home,
        from_day=from_day,
        until_day=until,
        second_class=second,
        second_from=np.where(second != NONE, until + pause, NONE),
        moved_within=within,
        came_late=late,
        new_pupil=np.isin(classes.grade[home], STARTING_GRADES) & of_this_year & ~late,
        born_day=_birthdays(draw, tree, home),
        family=_families(size, draw, count),
    )


def _second_classes(tree: Tree, draw: np.random.Generator, home, moves):
    """A class of the same stage and grade for those who move: a third within the school."""
    classes = tree.classes
    second = np.full(len(home), NONE)
    within = np.zeros(len(home), bool)
    grade = classes.stage.codes.astype(np.int64) * 100 + classes.grade
    order = np.lexsort((classes.school, grade))
    order = order[classes.year[order] == tree.year]
    sorted_grade = grade[order]
    movers = np.flatnonzero(moves)
    low = np.searchsorted(sorted_grade, grade[home[movers]], "left")
    high = np.searchsorted(sorted_grade, grade[home[movers]], "right")
    far = order[low + (draw.random(len(movers)) * (high - low)).astype(np.int64)]
    # The neighbour in this order is most often another class of the same school.
    position = np.empty(len(classes), np.int64)
    position[order] = np.arange(len(order))
    near = order[np.minimum(position[home[movers]] + 1, high - 1)]
    stays = (draw.random(len(movers)) < 0.4) & (
        classes.school[near] == classes.school[home[movers]]
    )
    target = np.where(stays, near, far)
    real = target != home[movers]
    second[movers[real]] = target[real]
    within[movers] = classes.school[target] == classes.school[home[movers]]
    return second, within


def _birthdays(draw: np.random.Generator, tree: Tree, home: np.ndarray) -> np.ndarray:
    years = tree.classes.year[home] - tree.classes.grade[home] - 5
    september = np.array([date(y, 9, 1).toordinal() for y in range(years.min(), years.max() + 1)])
    return september[years - years.min()] - draw.integers(1, 365, len(home))


def _families(size: Size, draw: np.random.Generator, count: int) -> np.ndarray:
    """Two guardians a family; who finds no family of its own is a brother or sister."""
    families = min(size.guardians // 2, count)
    family = np.arange(count)
    family[families:] = draw.integers(0, families, count - families)
    # Brothers and sisters are in any class of the city, not in the last ones.
    return draw.permutation(family)


def cares(seed: int, children: Children) -> Cares:
    """Both parents of every child as guardians; in a quarter of the families a grandparent too,
    who is then the daily carer."""
    draw = draws(seed, "cares")
    families = int(children.family.max()) + 1
    with_old = draw.random(families) < _GRANDPARENTS
    old_id = 2 * families + np.cumsum(with_old)
    man = draw.random(families) < 0.3
    old_here = with_old[children.family]
    every = np.arange(len(children))
    with_grandparent = every[old_here]
    child = np.concatenate([every, every, with_grandparent])
    of = children.family[child]
    role = np.concatenate(
        [np.zeros(len(every)), np.ones(len(every)), np.full(len(with_grandparent), 2)]
    ).astype(np.int64)
    carer = np.choose(role, [2 * of + 1, 2 * of + 2, old_id[of]])
    return Cares(
        child=child,
        carer_id=carer,
        relation=np.where(role == 2, 2 + man[of], role),
        is_guardian=role < 2,
        is_daily_carer=np.where(old_here[child], role == 2, role < 2),
        position=role + 1,
        from_day=children.born_day[child],
        carers=int(2 * families + with_old.sum()),
    )
