"""School years: 1 September to 31 August, named by the calendar year in which they start."""

from __future__ import annotations

from datetime import date

FIRST_MONTH = 9


def school_year_of(day: date) -> int:
    """The calendar year in which the school year of this day began: 2027-01-10 → 2026."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def school_year_bounds(start: int) -> tuple[date, date]:
    """The first day of a school year and the first day after it."""
    return date(start, FIRST_MONTH, 1), date(start + 1, FIRST_MONTH, 1)


def school_year_key(start: int) -> str:
    """The name of a school year in the plan's calendar: 2026 → "2026-2027"."""
    return f"{start}-{start + 1}"


def school_year_from_key(key: str) -> int:
    """The year in which the school year of this name starts. Raises ValueError for another text."""
    start, _, end = key.partition("-")
    if not (start.isdecimal() and end.isdecimal()) or int(end) != int(start) + 1:
        raise ValueError(f"{key!r} is no school year; write two years such as 2026-2027.")
    return int(start)
