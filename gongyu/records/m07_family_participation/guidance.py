"""The eight things of measure 7 and the season's safety words, read from `tips.toml`. Nobody is told
who read them: this room asks the database nothing and writes nothing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from gongyu.ground.families.shapes import FamilyChild

GROUPS = ("kindergarten", "primary", "secondary")
FILE = Path(__file__).with_name("tips.toml")
_OF_STAGE = {"kindergarten": "kindergarten", "primary": "primary"}


@dataclass(frozen=True, slots=True)
class Tip:
    """One thing: for whom by name, and what may help at that age."""

    title: str
    duty: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    season: str
    season_tips: tuple[str, ...]
    tips: tuple[Tip, ...]


@lru_cache(maxsize=1)
def told() -> dict:
    """The file, read once a process."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def group_of(child: FamilyChild, on: date) -> str:
    """The age group: by the stage of the class, otherwise by age; primary where neither is known."""
    if child.stage:
        return _OF_STAGE.get(child.stage, "secondary")
    age = child.age_on(on)
    if age is None:
        return "primary"
    return "kindergarten" if age < 6 else "primary" if age < 12 else "secondary"


def guidance_for(children: tuple[FamilyChild, ...], on: date) -> Guidance:
    """What may help this family now; siblings of one age together."""
    names: dict[str, list[str]] = {}
    for child in children:
        names.setdefault(group_of(child, on), []).append(child.name)
    season = next(each for each in told()["seasons"] if on.month in each["months"])
    tips = tuple(
        Tip(
            thing["title"],
            thing["duty"],
            tuple(("、".join(names[group]), thing[group]) for group in GROUPS if group in names),
        )
        for thing in told()["things"]
    )
    return Guidance(season["title"], tuple(season["tips"]), tips)
