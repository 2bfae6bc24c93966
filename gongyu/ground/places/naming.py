"""How places are named and found: pinyin initials, grades and classes in plain words."""

from __future__ import annotations

from pypinyin import Style, lazy_pinyin

from .models import Stage

_DIGITS = "零一二三四五六七八九十"
_KINDERGARTEN = {-2: "小", -1: "中", 0: "大"}
_STAGE_LETTERS = {
    Stage.KINDERGARTEN: "K",
    Stage.PRIMARY: "P",
    Stage.JUNIOR: "J",
    Stage.SENIOR: "S",
    Stage.VOCATIONAL: "V",
    Stage.SPECIAL: "T",
}


def initials(name: str) -> str:
    """The pinyin initials of a name, lower case: 渝中区 → yzq. What is not Chinese stays."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower().replace(" ", "")[:80]


def grade_name(stage: str, grade: int) -> str:
    """The grade as people say it: 小班, 三年级, 九年级, 高一, 中职一年级."""
    if stage == Stage.KINDERGARTEN:
        return f"{_KINDERGARTEN[grade]}班"
    if stage == Stage.SENIOR:
        return f"高{_DIGITS[grade - 9]}"
    if stage == Stage.VOCATIONAL:
        return f"中职{_DIGITS[grade - 9]}年级"
    return f"{_numeral(grade)}年级"


def class_name(stage: str, grade: int, number: int) -> str:
    """The class as people say it: 小一班, 三年级2班, 高一3班. `number` counts from 1."""
    if stage == Stage.KINDERGARTEN:
        return f"{_KINDERGARTEN[grade]}{_numeral(number)}班"
    return f"{grade_name(stage, grade)}{number}班"


def class_code(school_code: str, school_year: int, stage: str, grade: int, number: int) -> str:
    """A class's code, unique over all schools and years: 3650001234-2026-P3-2."""
    return f"{school_code}-{school_year}-{_STAGE_LETTERS[stage]}{grade}-{number}"


def _numeral(number: int) -> str:
    if number <= 10:
        return _DIGITS[number]
    if number < 20:
        return f"十{_DIGITS[number - 10]}"
    tens, ones = divmod(number, 10)
    return f"{_DIGITS[tens]}十{_DIGITS[ones] if ones else ''}"
