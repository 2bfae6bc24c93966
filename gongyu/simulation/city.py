"""Puts a city together from its size, its seed and a day: the same three make the same city."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from .columns import Facts, joined, numbered
from .containing import Containments, containments
from .people import Cares, cares, settle
from .producers import PRODUCERS
from .scene import Scene
from .sizes import Size
from .staffing import employ
from .tree import grow

Say = Callable[[str], None]


@dataclass(frozen=True)
class City:
    """Everything, in columns. `facts` are numbered: the i-th has the seq i + 1."""

    scene: Scene
    containments: Containments
    cares: Cares
    facts: Facts


def build(size: Size, seed: int, on: date, say: Say = lambda text: None) -> City:
    """The city in the school year of the day `on`, with all that has happened by then."""
    year = on.year if on.month >= 9 else on.year - 1
    first, until = date(year, 9, 1).toordinal(), date(year + 1, 9, 1).toordinal()
    last = max(on.toordinal(), first + 1)
    say("places")
    tree = grow(size, seed, year)
    say("children and families")
    children = settle(size, seed, tree, first, last)
    say("posts")
    posts = employ(seed, tree, first, last)
    scene = Scene(size, seed, tree, children, posts, first, until, last)
    batches = []
    for name, produce in PRODUCERS.items():
        say(name)
        batches.append(produce(scene))
    say("facts in the order in which they were written down")
    facts = numbered(joined(batches))
    return City(scene, containments(tree), cares(seed, children), facts)
