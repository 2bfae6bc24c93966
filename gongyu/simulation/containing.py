"""The closure of the tree as columns, as the database would work it out from the placements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .columns import NONE, Text, words
from .tree import SCHOOLS_OPENED, Tree, unit_stretches

KINDS = ("city", "district", "town", "community", "school", "class")
_SCHOOL, _CLASS = KINDS.index("school"), KINDS.index("class")


@dataclass(frozen=True)
class Containments:
    """Below which places each place stands and stood, itself included; days are ordinals."""

    place_id: np.ndarray
    place_kind: Text
    ancestor_id: np.ndarray
    ancestor_kind: Text
    from_day: np.ndarray
    until_day: np.ndarray


@dataclass(frozen=True)
class _Rows:
    place: np.ndarray
    kind: np.ndarray
    ancestor: np.ndarray
    ancestor_kind: np.ndarray
    first: np.ndarray
    until: np.ndarray


def containments(tree: Tree) -> Containments:
    """The closure of units, schools and classes."""
    classes = tree.classes
    schools, towns = tree.schools.ids, tree.schools.town
    opened = np.full(len(schools), SCHOOLS_OPENED)
    open_end = np.full(len(schools), NONE)
    days = classes.from_day, classes.until_day
    parts = [
        _units(tree),
        _plain(schools, _SCHOOL, schools, _SCHOOL, opened, open_end),
        _below_towns(tree, schools, _SCHOOL, towns, opened, open_end),
        _plain(classes.ids, _CLASS, classes.ids, _CLASS, *days),
        _plain(classes.ids, _CLASS, schools[classes.school], _SCHOOL, *days),
        _below_towns(tree, classes.ids, _CLASS, towns[classes.school], *days),
    ]
    return Containments(
        place_id=np.concatenate([rows.place for rows in parts]),
        place_kind=words(np.concatenate([rows.kind for rows in parts]), *KINDS),
        ancestor_id=np.concatenate([rows.ancestor for rows in parts]),
        ancestor_kind=words(np.concatenate([rows.ancestor_kind for rows in parts]), *KINDS),
        from_day=np.concatenate([rows.first for rows in parts]),
        until_day=np.concatenate([rows.until for rows in parts]),
    )


def _units(tree: Tree) -> _Rows:
    rows = [
        (place + 1, KINDS.index(life.kind), row.ancestor_id, KINDS.index(row.ancestor_kind),
         row.from_day, row.until_day)
        for place, (life, stretches) in enumerate(
            zip(tree.lives, unit_stretches(tree.lives), strict=True)
        )
        for row in stretches
    ]  # fmt: skip
    return _Rows(*np.array(rows).T)


def _plain(place, kind: int, ancestor, ancestor_kind: int, first, until) -> _Rows:
    count = len(place)
    return _Rows(place, np.full(count, kind), ancestor, np.full(count, ancestor_kind), first, until)


def _below_towns(tree: Tree, place, kind: int, town, first, until) -> _Rows:
    """What each place stands below through its town, cut to the place's own days."""
    above = [row for each in tree.towns for row in each.above]
    counts = np.array([len(each.above) for each in tree.towns])
    starts = np.cumsum(counts) - counts
    of_place = counts[town]
    row = np.repeat(np.arange(len(place)), of_place)
    within = np.arange(len(row)) - np.repeat(np.cumsum(of_place) - of_place, of_place)
    at = starts[town][row] + within
    columns = np.array(
        [(r.ancestor_id, KINDS.index(r.ancestor_kind), r.from_day, r.until_day) for r in above]
    )
    ancestor, ancestor_kind, above_first, above_until = columns[at].T
    start = np.maximum(first[row], above_first)
    end = _earlier(until[row], above_until)
    kept = (end == NONE) | (start < end)
    rows = _Rows(place[row], np.full(len(row), kind), ancestor, ancestor_kind, start, end)
    return _Rows(*(getattr(rows, name)[kept] for name in _Rows.__dataclass_fields__))


def _earlier(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    either_open = (one == NONE) | (other == NONE)
    return np.where(either_open, np.maximum(one, other), np.minimum(one, other))
