"""How hard words are to read, and how long: a plain measure of our own for Chinese, and no more.

Age = 6 + (characters a sentence − 6) / 4 + 60 × share of characters outside the 3 755 that the
national standard GB 2312 calls most used. Short sentences of everyday characters come out at 6 to 8;
an official notice with sentences of forty characters at 14 and more. It compares wordings of one
notice; it says nothing about readers. Time: CHARACTERS_A_MINUTE in `parameters`, slow on purpose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .parameters import CHARACTERS_A_MINUTE, SECONDS_TO_ANSWER, SECONDS_TO_OPEN

_ENDS = re.compile(r"[。！？；;!?\n]+")
_HAN = re.compile(r"[㐀-鿿]")
YOUNGEST, OLDEST, PLAIN = 6, 18, 9


@dataclass(frozen=True, slots=True)
class Ease:
    """`age` in years (6 to 18), the longest sentence in characters, and the characters that not
    everybody reads, in the order of the text."""

    age: int
    longest: int
    rare: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        return self.age <= PLAIN


def ease(words: str) -> Ease:
    """The reading age of a text. Digits and Latin letters count as one character a run."""
    text = re.sub(r"[0-9A-Za-z./:年月日时点分-]+", "数", words)
    sentences = [len(_HAN.findall(part)) for part in _ENDS.split(text)]
    lengths = [length for length in sentences if length]
    characters = _HAN.findall(text)
    if not characters:
        return Ease(YOUNGEST, 0, ())
    rare = tuple(dict.fromkeys(one for one in characters if not is_common(one)))
    share = sum(not is_common(one) for one in characters) / len(characters)
    average = sum(lengths) / len(lengths)
    age = YOUNGEST + max(0.0, average - 6) / 4 + 60 * share
    return Ease(round(min(max(age, YOUNGEST), OLDEST)), max(lengths), rare)


def is_common(character: str) -> bool:
    """Is it of level 1 of GB 2312 (rows 16 to 55), the 3 755 most used characters?"""
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0xB0 <= code[0] <= 0xD7


def seconds_to_read(title: str, words: str, *, asks: bool) -> int:
    """What one reader is estimated to need: opening, reading slowly, and deciding if asked."""
    reading = round(60 * len(_HAN.findall(title + words)) / CHARACTERS_A_MINUTE)
    return SECONDS_TO_OPEN + reading + (SECONDS_TO_ANSWER if asks else 0)
