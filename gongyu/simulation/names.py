"""Names for simulated people, from few signs; nobody real is meant, and nobody has a number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from gongyu.ground.staff.naming import initials

from .city import City
from .columns import draws

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余"
GIVEN = "浩宇轩俊杰明睿博文佑豪远诺泽辰承景修思源鹏程昊立云帆雨欣诗涵琪佳怡若溪静雅晨曦可心婉清月"

# An encrypted column with nothing in it.
_NOTHING = b""
_LETTERS = {sign: initials(sign) for sign in {*SURNAMES, *GIVEN}}


def _people(seed: int, part: str, count: int) -> Iterator[tuple[str, str]]:
    """(name, initials) of so many people."""
    draw = draws(seed, f"names of {part}")
    first = draw.integers(0, len(SURNAMES), count).tolist()
    second, third = draw.integers(0, len(GIVEN), (2, count)).tolist()
    for a, b, c in zip(first, second, third, strict=True):
        name = SURNAMES[a] + GIVEN[b] + GIVEN[c]
        yield name, "".join(map(_LETTERS.__getitem__, name))


def children(city: City) -> Iterator[tuple]:
    """Rows of children, each at home in a community of its school's town."""
    people, tree = city.scene.children, city.scene.tree
    order = np.argsort(people.ids)
    draw = draws(city.scene.seed, "homes")
    towns = tree.schools.town[tree.classes.school[people.first_class[order]]].tolist()
    chosen = draw.random(len(order)).tolist()
    girls = (draw.random(len(order)) < 0.48).tolist()
    named = _people(city.scene.seed, "children", len(order))
    born = people.born_day[order].tolist()
    rows = zip(named, towns, chosen, girls, born, strict=True)
    for pk, ((name, letters), town, place, girl, day) in enumerate(rows, 1):
        homes = tree.towns[town].homes
        home = homes[int(place * len(homes))]
        sex = "F" if girl else "M"
        yield (
            pk, name, letters, sex, date.fromordinal(day), "", _NOTHING, None, _NOTHING, None, home,
            _NOTHING,
        )  # fmt: skip


def carers(city: City) -> Iterator[tuple]:
    """Rows of carers, without numbers."""
    for pk, (name, letters) in enumerate(_people(city.scene.seed, "carers", city.cares.carers), 1):
        yield pk, name, letters, _NOTHING, None, _NOTHING, "", _NOTHING


def staff(city: City) -> Iterator[tuple]:
    """Rows of members of staff, without numbers."""
    for pk, (name, letters) in enumerate(
        _people(city.scene.seed, "staff", city.scene.posts.staff), 1
    ):
        yield pk, name, letters, _NOTHING, None, _NOTHING, ""
