"""Reads the units, departments and outlines that come with the program (see data/README.md)."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from .models import Place

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Stay:
    """Under which parent's code, in [from_on, until_on)."""

    parent_code: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Life:
    """One place from its first day to its last, with every parent it had."""

    kind: str
    code: str
    name: str
    from_on: date
    until_on: date | None
    source: str
    stays: tuple[Stay, ...] = ()
    predecessors: tuple[str, ...] = ()
    urban_kind: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """One of the departments of the notice and how its counterparts below are named."""

    code: str
    short_name: str
    name: str
    counterpart_pattern: str
    county_pattern: str
    counterpart_short: str
    other_names: tuple[str, ...]

    def counterpart(self, district_name: str) -> str:
        """The full name of the counterpart in this district or county."""
        county = district_name.endswith("县") and self.county_pattern
        return (county or self.counterpart_pattern).format(district=district_name)


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def source_titles() -> dict[str, str]:
    """The titles of the sources by the key that units.csv uses."""
    return {row["key"]: row["title"] for row in _rows("sources.csv")}


def read_units() -> list[Life]:
    """All units of units.csv: parents come before their children."""
    titles = source_titles()
    versions: dict[str, list[Life]] = defaultdict(list)
    for row in _rows("units.csv"):
        first = date.fromisoformat(row["from_on"])
        until = date.fromisoformat(row["until_on"]) if row["until_on"] else None
        parent = row["parent_code"]
        versions[row["code"]].append(
            Life(
                kind=row["kind"],
                code=row["code"],
                name=row["name"],
                from_on=first,
                until_on=until,
                source=titles[row["source"]],
                stays=(Stay(parent, first, until),) if parent else (),
                predecessors=tuple(filter(None, row["predecessors"].split(";"))),
                urban_kind=row["urban_kind"],
            )
        )
    lives = [life for group in versions.values() for life in _joined(group)]
    order = [Place.Kind.CITY, Place.Kind.DISTRICT, Place.Kind.TOWN, Place.Kind.COMMUNITY]
    return sorted(lives, key=lambda life: order.index(life.kind))


def _joined(group: list[Life]) -> Iterator[Life]:
    """Join rows of one code that follow one another: the same place under another parent."""
    current: Life | None = None
    for life in sorted(group, key=lambda life: life.from_on):
        if current and current.until_on == life.from_on:
            current = replace(
                current,
                name=life.name,
                until_on=life.until_on,
                stays=(*current.stays, *life.stays),
                urban_kind=life.urban_kind,
                source=life.source,
            )
            continue
        if current:
            yield current
        current = life
    if current:
        yield current


@lru_cache(maxsize=1)
def read_departments() -> tuple[Department, ...]:
    """The thirteen departments, in the order in which the notice names them."""
    return tuple(
        Department(
            code=row["code"],
            short_name=row["short_name"],
            name=row["name"],
            counterpart_pattern=row["counterpart_pattern"],
            county_pattern=row["county_pattern"],
            counterpart_short=row["counterpart_short"],
            other_names=tuple(filter(None, row["other_names"].split("|"))),
        )
        for row in _rows("departments.csv")
    )


def department_lives(seats: Iterable[Place], successions: dict[int, list[Place]]) -> list[Life]:
    """The departments of these cities and districts, each for as long as its seat exists.

    `successions` gives the predecessors of a seat by its id: the new district's offices take over
    from those of the old ones.
    """
    lives = []
    for seat in seats:
        for department in read_departments():
            is_city = seat.kind == Place.Kind.CITY
            lives.append(
                Life(
                    kind=Place.Kind.DEPARTMENT,
                    code=department_code(seat.code, department.code),
                    name=department.name if is_city else department.counterpart(seat.name),
                    from_on=seat.from_on,
                    until_on=seat.until_on,
                    source=DEPARTMENT_SOURCE,
                    stays=(Stay(seat.code, seat.from_on, seat.until_on),),
                    predecessors=tuple(
                        department_code(earlier.code, department.code)
                        for earlier in successions.get(seat.pk, [])
                    ),
                )
            )
    return lives


DEPARTMENT_SOURCE = "十三部门2024-08-29通知的署名与主送名单"


def department_code(seat_code: str, department: str) -> str:
    """The code of a department's place, such as 500103-edu."""
    return f"{seat_code}-{department}"


@lru_cache(maxsize=1)
def read_outlines() -> dict:
    """The GeoJSON of data/outlines.json; callers must not change it."""
    return json.loads((DATA / "outlines.json").read_text(encoding="utf-8"))
