"""Pinyin initials of many names: a name is the sum of its signs, and signs repeat."""

from __future__ import annotations

from functools import lru_cache

from gongyu.ground.places.naming import initials as _initials_of


@lru_cache(maxsize=16384)
def _letter(sign: str) -> str:
    return _initials_of(sign)


def initials(name: str) -> str:
    """The initials by which a person is found: 张三 → zs. Family names read as single signs."""
    if not name.isascii():
        return "".join(map(_letter, name))[:60]
    return _initials_of(name)[:60]
