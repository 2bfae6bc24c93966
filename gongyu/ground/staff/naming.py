"""How people are found and listed: the pinyin of a name, family names with their own reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from pypinyin import Style, lazy_pinyin

One = TypeVar("One")

# A family name is often read otherwise than the same sign elsewhere; pypinyin knows words, not
# people. Readings as in 现代汉语词典; of two in use, the one usual in Chongqing (覃 as Qín).
# fmt: off
_FAMILY_NAMES = {
    "万俟": "mo4 qi2", "尉迟": "yu4 chi2", "澹台": "tan2 tai2", "令狐": "ling2 hu2",
    "曾": "zeng1", "单": "shan4", "解": "xie4", "仇": "qiu2", "区": "ou1", "查": "zha1",
    "朴": "piao2", "任": "ren2", "华": "hua4", "盖": "ge3", "翟": "zhai2", "覃": "qin2",
    "缪": "miao4", "乐": "yue4", "黑": "he4", "种": "chong2", "阚": "kan4", "洗": "xian3",
    "召": "shao4", "员": "yun4", "燕": "yan1", "折": "she2", "秘": "bi4", "郇": "xun2",
    "祭": "zhai4", "能": "nai4", "纪": "ji3", "葛": "ge3", "哈": "ha3", "那": "na1",
    "隗": "wei3", "乜": "nie4", "句": "gou1", "重": "chong2", "繁": "po2", "角": "jue2",
    "藏": "zang1", "薄": "bo2", "卜": "bu3", "都": "du1", "过": "guo1", "仆": "pu2",
    "会": "kuai4", "番": "pan1", "炅": "gui4", "占": "zhan1",
}
# fmt: on


@lru_cache(maxsize=16384)
def _syllable(sign: str) -> str:
    """A sign's pinyin with its tone as a number; what is not Chinese is itself, lower case."""
    return lazy_pinyin(sign, style=Style.TONE3)[0].lower()


def syllables(name: str) -> tuple[str, ...]:
    """The pinyin of a person's name, one a sign: 曾可心 → zeng1 ke3 xin1."""
    for length in (2, 1):
        if own := _FAMILY_NAMES.get(name[:length]):
            return (*own.split(), *map(_syllable, name[length:]))
    return tuple(map(_syllable, name))


def initials(name: str) -> str:
    """The letters by which a person is found: 曾可心 → zkx, 阿依·古丽 → aygl. At most 60."""
    return "".join(one[0] for one in syllables(name) if one[0].isalnum())[:60]


def by_name(people: Iterable[One], name: Callable[[One], str]) -> list[One]:
    """People as Chinese lists have them: by the pinyin of each sign, then by the sign itself, so
    that those of one family name stand together. Equal names stay in the order they came in."""

    def order(one: One) -> list[tuple[str, str]]:
        words = name(one)
        return list(zip(syllables(words), words, strict=True))

    return sorted(people, key=order)
