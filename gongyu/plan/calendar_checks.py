"""Whether the calendar's days are in order: nothing backward, overlapping or left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise

from .estimating import estimated_rows, estimated_years, month_and_day
from .faults import Fault
from .names import twice
from .reading import Table

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_TERMS = (1, 2)


def check_calendar(calendar: Table) -> Iterator[Fault]:
    """The days that are written down first; what is estimated from them only when they hold."""
    faults = [
        *_check_school_years(calendar),
        *_check_years(calendar),
        *_check_half_years(calendar),
        *_check_holidays(calendar),
    ]
    for kind in ("semesters", "vacations"):
        faults += _check_rows(calendar, kind)
    faults += _check_terms(calendar)
    yield from faults or _check_estimate(calendar)


def _check_school_years(calendar: Table) -> Iterator[Fault]:
    rows = list(calendar.tables("school_years"))
    yield from twice(rows, "key")
    for row in rows:
        first = int(row["key"][:4])
        if row["key"] != f"{first}-{first + 1}":
            yield row.fault("key", "学年应为相邻两年", "写成 2026-2027 的样子")
        elif row["starts_on"].year != first:
            yield row.fault("starts_on", f"学年 {row['key']} 应在 {first} 年开始", "改正日期或学年")
        yield from _check_days(row)
    yield from _check_overlaps(rows, "学年")


def _check_days(row: Table) -> Iterator[Fault]:
    if row["ends_on"] < row["starts_on"]:
        yield row.fault("ends_on", "结束早于开始", "改正日期")
    elif (row["ends_on"] - row["starts_on"]).days > 366:
        yield row.fault("ends_on", "超过一年", "改正日期")
    if not _FIRST_YEAR <= row["starts_on"].year <= _LAST_YEAR:
        yield row.fault("starts_on", "年份不合理", f"写 {_FIRST_YEAR} 到 {_LAST_YEAR} 年的日期")
    if "estimated" in row and not row["estimated"] and "source" not in row:
        yield row.fault("source", "没有出处的日期须标明推算", "补上 source，或写 estimated = true")


def _check_rows(calendar: Table, kind: str) -> Iterator[Fault]:
    """Semesters or vacations: within their school year, and apart from each other by stage."""
    years = {row["key"]: row for row in calendar.tables("school_years")}
    rows = list(calendar.tables(kind))
    for row in rows:
        yield from _check_days(row)
        year = years.get(row["school_year"])
        if year is None:
            yield row.fault(
                "school_year", f"没有学年 {row['school_year']}", "在 school_years 中补上"
            )
        elif row["starts_on"] < year["starts_on"] or row["ends_on"] > year["ends_on"]:
            key = "starts_on" if row["starts_on"] < year["starts_on"] else "ends_on"
            yield row.fault(key, f"不在学年 {row['school_year']} 之内", "改正日期或学年")
    for stage in sorted({stage for row in rows for stage in row["stage_groups"]}):
        of_stage = [row for row in _days_of_all(calendar) if stage in row["stage_groups"]]
        # Both kinds are compared at once, so only the first of the two reports the pair.
        if kind == "semesters" or not calendar.get("semesters"):
            yield from _check_overlaps(of_stage, stage)


def _days_of_all(calendar: Table) -> list[Table]:
    return [*calendar.tables("semesters"), *calendar.tables("vacations")]


def _check_overlaps(rows: Iterable[Table], whose: str) -> Iterator[Fault]:
    earlier: Table | None = None
    for row in sorted(rows, key=lambda row: (row["starts_on"], row["ends_on"])):
        if earlier is not None and row["starts_on"] <= earlier["ends_on"]:
            line = earlier.lines[(*earlier.path, "ends_on")]
            what = f"与第 {line} 行结束的一段重叠（{whose}）"
            yield row.fault("starts_on", what, f"从 {earlier['ends_on']} 之后开始")
        earlier = row


def _check_terms(calendar: Table) -> Iterator[Fault]:
    """Each stage group that has semesters has both terms of every school year, once, in order."""
    semesters = list(calendar.tables("semesters"))
    for row in semesters:
        if row["term"] not in _TERMS:
            yield row.fault("term", f"没有第 {row['term']} 学期", "写 1 或 2")
    stages = sorted({stage for row in semesters for stage in row["stage_groups"]})
    for year in calendar.tables("school_years"):
        for stage in stages:
            own = [
                row
                for row in semesters
                if row["school_year"] == year["key"] and stage in row["stage_groups"]
            ]
            yield from _check_terms_of(year, stage, own)


def _check_terms_of(year: Table, stage: str, rows: list[Table]) -> Iterator[Fault]:
    days: dict[int, date] = {}
    for row in rows:
        if row["term"] in days:
            what = f"{year['key']} 第 {row['term']} 学期（{stage}）写了两次"
            yield row.fault("term", what, "删去其中一个")
        days.setdefault(row["term"], row["starts_on"])
    for term in _TERMS:
        if term not in days:
            what = f"{year['key']} 没有第 {term} 学期（{stage}）"
            yield year.fault("key", what, "在 semesters 中补上")
    if days.keys() >= set(_TERMS) and days[2] < days[1]:
        second = next(row for row in rows if row["term"] == 2)
        yield second.fault("starts_on", "第二学期早于第一学期", "改正日期")


def _check_years(calendar: Table) -> Iterator[Fault]:
    if "years" not in calendar:
        return
    years = calendar.table("years")
    for key in ("first", "last"):
        if not _FIRST_YEAR <= years[key] <= _LAST_YEAR:
            yield years.fault(key, "年份不合理", f"写 {_FIRST_YEAR} 到 {_LAST_YEAR} 之间的年份")
    if years["last"] < years["first"]:
        yield years.fault("last", "最后一年早于第一年", "改正年份")


def _check_half_years(calendar: Table) -> Iterator[Fault]:
    """Two halves that follow each other within one calendar year."""
    rows = list(calendar.tables("half_years"))
    yield from twice(rows, "number")
    spans = []
    for row in rows:
        if row["number"] not in (1, 2):
            yield row.fault("number", f"没有第 {row['number']} 个半年", "写 1 或 2")
        starts, ends = (_day_of_common_year(row[key]) for key in ("starts", "ends"))
        if starts is None or ends is None:
            key = "starts" if starts is None else "ends"
            yield row.fault(key, "不是每年都有这一天", "改正日期")
        elif ends < starts:
            yield row.fault("ends", "结束早于开始", "改正日期")
        else:
            spans.append((starts, ends, row))
    spans.sort(key=lambda span: span[:2])
    for (_, end, _row), (start, _end, row) in pairwise(spans):
        if start <= end:
            yield row.fault("starts", "两个半年重叠", "改正日期")


def _day_of_common_year(text: str) -> date | None:
    try:
        return date(2025, *month_and_day(text))
    except ValueError:
        return None


def _check_holidays(calendar: Table) -> Iterator[Fault]:
    rows = list(calendar.tables("holidays"))
    off: set[date] = set()
    for row in rows:
        yield from _check_days(row)
        length = min((row["ends_on"] - row["starts_on"]).days, 366)
        off |= {row["starts_on"] + timedelta(days=offset) for offset in range(length + 1)}
    yield from _check_overlaps(rows, "节假日")
    for row in rows:
        for index, day in enumerate(row["working_days"]):
            if day in off:
                yield row.fault("working_days", f"{day} 已列为放假", "删去其中一个", index)
            elif day.weekday() < 5:
                yield row.fault(
                    "working_days", f"{day} 本来就是工作日", "只列调休上班的周末", index
                )


def _check_estimate(calendar: Table) -> Iterator[Fault]:
    if "estimate" not in calendar:
        return
    estimate = calendar.table("estimate")
    until = estimate["until"]
    if not _FIRST_YEAR <= int(until[:4]) <= _LAST_YEAR:
        yield estimate.fault("until", "年份不合理", f"写 {_FIRST_YEAR} 到 {_LAST_YEAR} 之间的学年")
        return
    for kind in ("semesters", "vacations"):
        for row in estimate.tables(kind):
            for key in ("starts", "ends"):
                if _day_of_common_year(row[key]) is None:
                    yield row.fault(key, "不是每年都有这一天", "改正日期")
                    return
    yield from _check_estimated_days(calendar, estimate)


def _check_estimated_days(calendar: Table, estimate: Table) -> Iterator[Fault]:
    try:
        list(estimated_years(calendar))
    except ValueError:
        yield estimate.fault("until", "最后一个学年的起止日期不能逐年推算", "改正 school_years")
        return
    rows = [*estimated_rows(calendar, "semesters"), *estimated_rows(calendar, "vacations")]
    for stage in sorted({stage for row in rows for stage in row["stage_groups"]}):
        days = sorted(
            (row["starts_on"], row["ends_on"]) for row in rows if stage in row["stage_groups"]
        )
        ordered = [day for span in days for day in span]
        if ordered != sorted(set(ordered)):
            what = f"推算的学期、假期重叠或前后颠倒（{stage}）"
            yield estimate.fault("semesters", what, "改正 starts 和 ends")
