"""School years beyond the published ones, laid out by the days of the year in [estimate]."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from .reading import Table


def month_and_day(text: str) -> tuple[int, int]:
    """ "09-01" → (9, 1)."""
    month, day = text.split("-")
    return int(month), int(day)


def day_within(school_year: tuple[date, date], day_of_year: str) -> date:
    """The day of the school year, given as "02-22". ValueError for 29 February of a common year."""
    first = school_year[0]
    month, day = month_and_day(day_of_year)
    year = first.year if (month, day) >= (first.month, first.day) else first.year + 1
    return date(year, month, day)


def estimated_years(calendar: Table) -> Iterator[dict[str, Any]]:
    """A row for each school year after the last one written down, until `estimate.until`."""
    if "estimate" not in calendar:
        return
    last = max(calendar["school_years"], key=lambda row: row["starts_on"])
    until = int(calendar["estimate"]["until"].split("-")[0])
    for year in range(last["starts_on"].year + 1, until + 1):
        shift = year - last["starts_on"].year
        yield {
            "key": f"{year}-{year + 1}",
            "starts_on": last["starts_on"].replace(year=year),
            "ends_on": last["ends_on"].replace(year=last["ends_on"].year + shift),
            "estimated": True,
        }


def estimated_rows(calendar: Table, kind: str) -> Iterator[dict[str, Any]]:
    """The semesters or vacations of the estimated years, shaped like those written down."""
    for year in estimated_years(calendar):
        span = (year["starts_on"], year["ends_on"])
        for pattern in calendar["estimate"].get(kind, []):
            rest = {key: pattern[key] for key in pattern if key not in ("starts", "ends")}
            yield {
                **rest,
                "school_year": year["key"],
                "starts_on": day_within(span, pattern["starts"]),
                "ends_on": day_within(span, pattern["ends"]),
                "estimated": True,
            }
