"""Citizens' identity numbers after GB 11643-1999: 6 digits of place, 8 of birth, 3, one check sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from operator import mul

_SHAPE = re.compile(r"[1-9]\d{16}[\dX]")
_WEIGHTS = tuple(2 ** (17 - i) % 11 for i in range(17))
# Digits are weighed as ASCII bytes, each 48 too many.
_ZEROS = ord("0") * sum(_WEIGHTS)
_SIGNS = "10X98765432"

# A first-generation number: void since 2013-01-01.
OLD_SHAPE = re.compile(r"[1-9]\d{14}")
# The tail that a spreadsheet leaves when it kept the number as a float.
FLOATED = re.compile(r"\d(\.\d+)?E\+\d{2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IdNumber:
    """What a valid number says about its holder; `sex` is M or F."""

    number: str
    born_on: date
    sex: str


class IdNumberWrong(ValueError):
    """Not a valid number; `code` is one of shape, length, check_sign, birth."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def check_sign(first17: str) -> str:
    """The 18th sign that belongs to 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(map(mul, _WEIGHTS, first17.encode("ascii"))) - _ZEROS
    return _SIGNS[total % 11]


def parse_id_number(text: str) -> IdNumber:
    """Reads a normalised number (half-width, no spaces, X upper case). Raises IdNumberWrong."""
    if not _SHAPE.fullmatch(text):
        raise IdNumberWrong("length" if text.isdigit() and len(text) != 18 else "shape")
    try:
        born_on = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise IdNumberWrong("birth") from error
    if born_on.year < 1900:
        raise IdNumberWrong("birth")
    if check_sign(text[:17]) != text[17]:
        raise IdNumberWrong("check_sign")
    return IdNumber(text, born_on, "M" if int(text[16]) % 2 else "F")
