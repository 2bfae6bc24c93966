"""The working-day clock against a slow count, and against the days off that the state published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongyu.ground.calendar.working_days import (
    NamedDay,
    add_working_days,
    explain,
    is_working_day,
    working_days_between,
)

# 国办发明电〔2025〕7号: the days off of 2026 and the weekends that make up for them.
OFF_2026 = {
    "元旦": (date(2026, 1, 1), 3),
    "春节": (date(2026, 2, 15), 9),
    "清明": (date(2026, 4, 4), 3),
    "劳动节": (date(2026, 5, 1), 5),
    "端午": (date(2026, 6, 19), 3),
    "中秋": (date(2026, 9, 25), 3),
    "国庆节": (date(2026, 10, 1), 7),
}
WORKED_2026 = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
tables = st.dictionaries(days, st.booleans(), max_size=30).map(
    lambda rows: {day: NamedDay(day, works, "某日") for day, works in rows.items()}
)


def test_2026_is_worked_as_the_state_published_it():
    off = {first + timedelta(days=n) for first, count in OFF_2026.values() for n in range(count)}
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        expected = day in WORKED_2026 or (day.weekday() < 5 and day not in off)
        verdict = is_working_day(day)
        assert verdict.working is expected, day
        assert verdict.estimated is False


@pytest.mark.parametrize(
    ("day", "working", "why"),
    [
        (date(2026, 10, 1), False, "国庆节放假"),
        (date(2026, 10, 10), True, "国庆节调休上班"),
        (date(2026, 11, 21), False, "周末"),
        (date(2026, 11, 23), True, "工作日"),
    ],
)
def test_every_verdict_says_why(day, working, why):
    assert is_working_day(day) == (working, why, False)


def test_a_year_that_nobody_has_published_is_estimated_and_says_so():
    verdict = is_working_day(date(2031, 1, 1))
    assert verdict.working and verdict.estimated and "2031年放假安排尚未公布" in verdict.why
    assert is_working_day(date(2031, 1, 4)).working is False


def test_our_own_table_comes_before_the_published_calendar():
    day = date(2026, 11, 23)
    closed = {day: NamedDay(day, False, "极端天气停课")}
    assert is_working_day(day, closed) == (False, "极端天气停课放假", False)
    new_year = date(2031, 1, 1)
    assert is_working_day(new_year, {new_year: NamedDay(new_year, False, "元旦")}).working is False


def test_the_day_on_which_a_period_begins_is_not_counted():
    # 30 September 2026 is a Wednesday; the eight days off that follow end on 7 October.
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert add_working_days(date(2026, 9, 30), 0) == date(2026, 9, 30)
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 9, 30), -1)


def test_the_explanation_lists_every_day_with_its_reason():
    listed = explain(date(2026, 9, 29), 2)
    assert [(d.day.day, d.number) for d in listed if d.number] == [(30, 1), (8, 2)]
    assert {d.why for d in listed if d.number is None} == {"国庆节放假"}
    assert len(listed) == 9


def slow_deadline(start, count, table):
    """Write out the years day by day, strike what is off, and take the entry at the count."""
    every = [start + timedelta(days=n) for n in range(1, 40 + 4 * count)]
    return [day for day in every if is_working_day(day, table).working][count - 1]


@given(start=days, count=st.integers(1, 60), table=tables)
def test_the_deadline_is_what_a_list_of_days_gives(start, count, table):
    end = add_working_days(start, count, table)
    assert end == slow_deadline(start, count, table)
    listed = explain(start, count, table)
    assert listed[-1].day == end and listed[-1].number == count
    assert [d.day for d in listed] == [
        start + timedelta(days=n) for n in range(1, (end - start).days + 1)
    ]


@given(start=days, first=st.integers(0, 30), second=st.integers(0, 30), table=tables)
def test_two_periods_in_a_row_are_one_period(start, first, second, table):
    stop = add_working_days(start, first, table)
    assert add_working_days(stop, second, table) == add_working_days(start, first + second, table)


@given(start=days, count=st.integers(0, 60), table=tables)
def test_as_many_working_days_lie_between_as_were_added(start, count, table):
    end = add_working_days(start, count, table)
    one = timedelta(days=1)
    assert working_days_between(start + one, end + one, table) == count


@given(day=days, table=tables)
def test_an_entry_of_ours_moves_only_its_own_day(day, table):
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        if other not in table:
            assert is_working_day(other, table) == is_working_day(other)
