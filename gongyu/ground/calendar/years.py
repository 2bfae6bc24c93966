"""School years: from 1 September until 31 August (reading P2), named by the year they start in."""

from __future__ import annotations

from datetime import date

FIRST_MONTH = 9


def school_year_of(day: date) -> int:
    """The calendar year in which the school year of this day started."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def school_year_bounds(start: int) -> tuple[date, date]:
    """The first day of the school year and the first day after it."""
    return date(start, FIRST_MONTH, 1), date(start + 1, FIRST_MONTH, 1)


def school_year_key(start: int) -> str:
    """Such as `2026-2027`."""
    return f"{start}-{start + 1}"
