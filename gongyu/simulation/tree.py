"""The places of a simulated city: the real units, with made-up schools and classes under the towns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from gongyu.ground.places.unit_files import Life, read_units

from .columns import NONE, Text, draws, words
from .sizes import Size

# Ids of schools begin here; units and departments, which are loaded first, lie below.
FIRST_SCHOOL = 20_001
SCHOOLS_OPENED = date(2023, 9, 1).toordinal()

# Kind of school: its share of the schools, its classes a grade, the children in a class, its
# (stage, first grade, last grade). Shares and sizes are rough and made up.
KINDS: dict[str, tuple[float, float, int, tuple[tuple[str, int, int], ...]]] = {
    "kindergarten": (0.500, 2.1, 29, (("kindergarten", -2, 0),)),
    "primary": (0.290, 2.8, 45, (("primary", 1, 6),)),
    "junior": (0.080, 5.5, 49, (("junior", 7, 9),)),
    "nine_year": (0.050, 2.0, 45, (("primary", 1, 6), ("junior", 7, 9))),
    "full_secondary": (0.030, 6.5, 52, (("junior", 7, 9), ("senior", 10, 12))),
    "senior": (0.020, 9.0, 53, (("senior", 10, 12),)),
    "vocational": (0.020, 6.0, 46, (("vocational", 10, 12),)),
    "special": (0.005, 1.0, 12, (("special", 1, 9),)),
    "twelve_year": (0.005, 2.5, 46, (("primary", 1, 6), ("junior", 7, 9), ("senior", 10, 12))),
}
STARTING_GRADES = (-2, 1, 7, 10)


@dataclass(frozen=True)
class Stretch:
    """On which days something stands below an ancestor; `until_day` is NONE while it does."""

    ancestor_id: int
    ancestor_kind: str
    from_day: int
    until_day: int


@dataclass(frozen=True)
class Town:
    """A town that stands today: where a school in it is placed, and what it thereby stands below."""

    place_id: int
    code: str
    stays: tuple[Stretch, ...]
    above: tuple[Stretch, ...]
    homes: tuple[int, ...]


@dataclass(frozen=True)
class Schools:
    """Columns of the schools: the i-th has the id FIRST_SCHOOL + i; `town` points into the towns."""

    ids: np.ndarray
    kind: Text
    town: np.ndarray


@dataclass(frozen=True)
class Classes:
    """Columns of the classes of one school year and, for a few schools, of the year before."""

    ids: np.ndarray
    school: np.ndarray  # position of the school
    year: np.ndarray
    stage: Text
    grade: np.ndarray
    number: np.ndarray
    from_day: np.ndarray
    until_day: np.ndarray
    seats: np.ndarray  # children planned for the class

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Tree:
    """All places. `lives` are the units; the i-th has the id i + 1."""

    year: int
    lives: list[Life]
    towns: list[Town]
    schools: Schools
    classes: Classes


def grow(size: Size, seed: int, year: int) -> Tree:
    """The tree of the school year that starts in `year`."""
    lives = read_units()
    towns = _towns(lives)
    draw = draws(seed, "tree")
    schools = _schools(size, draw, towns)
    return Tree(year, lives, towns, schools, _classes(size, draw, schools, year))


def unit_stretches(lives: list[Life]) -> list[list[Stretch]]:
    """For each unit what it stood below, itself first; joined where one stretch follows another."""
    by_code: dict[str, list[int]] = defaultdict(list)
    for place, life in enumerate(lives):
        by_code[life.code].append(place)
    found: list[list[Stretch]] = []
    # Parents come before their children, so what is above the parent is known already.
    for place, life in enumerate(lives):
        first, until = life.from_on.toordinal(), _ordinal(life.until_on)
        rows = [Stretch(place + 1, life.kind, first, until)]
        for stay in life.stays:
            start, end = stay.from_on.toordinal(), _ordinal(stay.until_on)
            for parent in by_code[stay.parent_code]:
                if parent != place:
                    rows += [r for row in found[parent] if (r := clipped(row, start, end))]
        found.append(_joined(rows))
    return found


def clipped(row: Stretch, first: int, until: int) -> Stretch | None:
    """What of a stretch lies within the days; None for nothing."""
    start, end = max(row.from_day, first), _earlier(row.until_day, until)
    if end != NONE and end <= start:
        return None
    return Stretch(row.ancestor_id, row.ancestor_kind, start, end)


def _earlier(one: int, other: int) -> int:
    return max(one, other) if NONE in (one, other) else min(one, other)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else NONE


def _joined(rows: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for row in sorted(rows, key=lambda r: (r.ancestor_id, r.from_day)):
        last = joined[-1] if joined else None
        if last and last.ancestor_id == row.ancestor_id and last.until_day == row.from_day:
            joined[-1] = Stretch(row.ancestor_id, row.ancestor_kind, last.from_day, row.until_day)
        else:
            joined.append(row)
    return joined


def _towns(lives: list[Life]) -> list[Town]:
    """The towns of today; a school in one stood in the one before it as long as that stood."""
    above = unit_stretches(lives)
    at = {(life.code, life.from_on): place for place, life in enumerate(lives)}
    homes: dict[int, list[int]] = defaultdict(list)
    for place, life in enumerate(lives):
        if life.kind == "community" and life.until_on is None:
            parents = [row for row in above[place] if row.ancestor_kind == "town"]
            homes[parents[-1].ancestor_id].append(place + 1)
    towns = []
    for place, life in enumerate(lives):
        if life.kind != "town" or life.until_on is not None or not homes[place + 1]:
            continue
        line = _lineage(lives, at, place)
        stays = [
            Stretch(p + 1, "town", lives[p].from_on.toordinal(), _ordinal(lives[p].until_on))
            for p in line
        ]
        reach = [
            r
            for stay, p in zip(stays, line, strict=True)
            for row in above[p]
            if (r := clipped(row, stay.from_day, stay.until_day))
        ]
        stood = tuple(_joined(reach))
        towns.append(Town(place + 1, life.code, tuple(stays), stood, tuple(homes[place + 1])))
    return towns


def _lineage(lives: list[Life], at: dict, place: int) -> list[int]:
    """The unit after those that it took over from one by one, oldest first."""
    line = [place]
    while True:
        first = lives[line[0]]
        before = [
            p
            for code in first.predecessors
            for (c, _), p in at.items()
            if c == code and lives[p].until_on == first.from_on and lives[p].kind == first.kind
        ]
        if len(before) != 1:
            return line
        line.insert(0, before[0])


def _schools(size: Size, draw: np.random.Generator, towns: list[Town]) -> Schools:
    shares = np.array([share for share, *_ in KINDS.values()])
    kinds = draw.choice(len(KINDS), size.schools, p=shares / shares.sum())
    # Even the smallest city has a school of each kind.
    kinds[: len(KINDS)] = np.arange(len(KINDS))
    # Larger towns have more communities, and more schools.
    weights = np.array([len(town.homes) for town in towns], float)
    town = draw.choice(len(towns), size.schools, p=weights / weights.sum())
    ids = FIRST_SCHOOL + np.arange(size.schools)
    return Schools(ids, words(kinds, *KINDS), town)


def _classes(size: Size, draw: np.random.Generator, schools: Schools, year: int) -> Classes:
    school, stage, grade, seats, wanted = _cells(draw, schools)
    count = _whole_numbers(wanted * size.classes / wanted.sum(), size.classes, draw)
    # Position of each class's cell, and the class's number within it.
    cell = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count) + 1
    plan = seats[cell] * draw.normal(1, 0.12, len(cell)).clip(0.5, 1.4)
    planned = _whole_numbers(plan * size.children / plan.sum(), size.children, draw)
    # A few schools never promoted last year's children: their classes are last year's.
    late = np.isin(school[cell], draw.choice(size.schools, max(size.schools // 300, 1)))
    class_year = np.where(late & (number == 1), year - 1, year)
    first = np.where(np.isin(grade[cell], STARTING_GRADES), _day(year, 7, 10), _day(year, 9, 1))
    begins = np.where(class_year == year, first, _day(year - 1, 9, 1))
    ids = FIRST_SCHOOL + size.schools + np.arange(len(cell))
    stages = tuple(dict.fromkeys(s for *_, parts in KINDS.values() for s, _, _ in parts))
    codes = np.array([stages.index(name) for name in stage])
    return Classes(
        ids=ids,
        school=school[cell],
        year=class_year,
        stage=words(codes[cell], *stages),
        grade=grade[cell],
        number=number,
        from_day=begins,
        until_day=np.where(class_year == year, _day(year + 1, 9, 1), _day(year, 9, 1)),
        seats=planned,
    )


def _cells(draw: np.random.Generator, schools: Schools):
    """One row for each grade of each school: school, stage, grade, seats, classes wanted."""
    rows = []
    spread = draw.gamma(4, 0.25, len(schools.ids)).clip(0.3, 3)
    for kind_at, (_, classes, seats, parts) in enumerate(KINDS.values()):
        for school in np.flatnonzero(schools.kind.codes == kind_at):
            wanted = classes * spread[school]
            for stage, first, last in parts:
                rows += [(school, stage, g, seats, wanted) for g in range(first, last + 1)]
    school, stage, grade, seats, wanted = zip(*rows, strict=True)
    return np.array(school), stage, np.array(grade), np.array(seats), np.array(wanted)


def _whole_numbers(parts: np.ndarray, total: int, draw: np.random.Generator) -> np.ndarray:
    """Whole numbers of at least 1 near the parts that add up to the total."""
    whole = np.maximum(np.floor(parts + draw.random(len(parts))), 1).astype(np.int64)
    while (off := total - whole.sum()) != 0:
        able = np.arange(len(whole)) if off > 0 else np.flatnonzero(whole > 1)
        chosen = draw.choice(able, min(abs(off), len(able)), replace=False)
        whole[chosen] += 1 if off > 0 else -1
    return whole


def _day(year: int, month: int, day: int) -> int:
    return date(year, month, day).toordinal()
