"""The city as it stands before anything is told of it: all that a producer of facts may look at."""

from __future__ import annotations

from dataclasses import dataclass

from .people import Children
from .sizes import Size
from .staffing import Posts
from .tree import Tree


@dataclass(frozen=True)
class Scene:
    """What every producer may look at. The school year's days are [first, until); `on` is the last
    day on which anything has happened."""

    size: Size
    seed: int
    tree: Tree
    children: Children
    posts: Posts
    first: int
    until: int
    on: int
