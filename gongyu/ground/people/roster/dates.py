"""Days as sheets have them: 2015.9.1, 2015/9/1, 20150901, 2015年9月1日, Excel's serial numbers."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from .values import ValueWrong

# Day 0 of Excel's two date systems; 1900 counts a 29 February that never was, hence the 30th.
EPOCH_1900 = date(1899, 12, 30)
EPOCH_1904 = date(1904, 1, 1)
BETWEEN_SYSTEMS = (EPOCH_1904 - EPOCH_1900).days

_YMD = re.compile(
    r"(\d{4})\s?[-./年,、]\s?(\d{1,2})\s?[-./月,、]\s?(\d{1,2})\s?日?(?:[ T]0?0:00(:00)?(\.0+)?)?"
)
_YM = re.compile(r"(\d{4})\s?[-./年]\s?(\d{1,2})\s?月?")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SOLID_MONTH = re.compile(r"(19|20)(\d{2})(0[1-9]|1[0-2])")
_MONTH_FIRST = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_SHORT_YEAR = re.compile(r"\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?")
_HAN_YMD = re.compile(
    r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_HAN_DIGITS = {**{s: str(i) for i, s in enumerate("〇一二三四五六七八九")}, "零": "0", "○": "0"}


class OnlyMonth(ValueWrong):
    """The cell names a month and no day; `first` is the month's first day."""

    def __init__(self, first: date):
        self.first = first
        super().__init__("date_only_month")


def day_of(cell: object, text: str, *, system_1904: bool = False) -> date:
    """The day of a cell (`text` is its text form). Raises ValueWrong, OnlyMonth among them."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return _day_of_text(text, system_1904)


@lru_cache(maxsize=32768)
def _day_of_text(text: str, system_1904: bool) -> date:
    if match := _YMD.fullmatch(text) or _SOLID.fullmatch(text):
        return _built(match[1], match[2], match[3])
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        return _from_serial(int(float(text)), system_1904)
    if match := _SOLID_MONTH.fullmatch(text):
        raise OnlyMonth(_built(match[1] + match[2], match[3], "1"))
    if match := _YM.fullmatch(text):
        raise OnlyMonth(_built(match[1], match[2], "1"))
    if match := _HAN_YMD.fullmatch(text):
        year = "".join(_HAN_DIGITS[s] for s in match[1])
        return _built(year, _han(match[2]), _han(match[3]))
    if match := _MONTH_FIRST.fullmatch(text):
        return _month_or_day_first(*map(int, match.groups()))
    raise ValueWrong("date_short_year" if _SHORT_YEAR.fullmatch(text) else "date_shape")


def _built(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValueWrong("date_no_such_day") from error


def _from_serial(serial: int, system_1904: bool) -> date:
    return (EPOCH_1904 if system_1904 else EPOCH_1900) + timedelta(days=serial)


def _month_or_day_first(first: int, second: int, year: int) -> date:
    if first <= 12 and second <= 12 and first != second:
        raise ValueWrong("date_order")
    return _built(str(year), str(min(first, second)), str(max(first, second)))


def _han(text: str) -> str:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _HAN_DIGITS[text] if len(text) == 1 else "99"
    return (_HAN_DIGITS[tens] if tens else "1") + (_HAN_DIGITS[ones] if ones else "0")
