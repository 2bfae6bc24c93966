"""School years turn on 1 September."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongyu.ground.calendar.years import (
    school_year_bounds,
    school_year_from_key,
    school_year_key,
    school_year_of,
)


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2026, 8, 31), 2025), (date(2026, 9, 1), 2026), (date(2027, 1, 10), 2026)],
)
def test_a_school_year_begins_on_the_first_of_september(day, start):
    assert school_year_of(day) == start


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_its_school_year_and_no_other(day):
    start = school_year_of(day)
    first, until = school_year_bounds(start)
    assert first <= day < until
    assert school_year_bounds(start + 1)[0] == until
    assert school_year_of(first - timedelta(days=1)) == start - 1


@given(st.integers(1990, 2100))
def test_the_key_of_a_school_year_reads_back(start):
    assert school_year_from_key(school_year_key(start)) == start


@pytest.mark.parametrize("text", ["2026", "2026-2028", "2026-", "a-b", ""])
def test_what_is_no_school_year_is_refused(text):
    with pytest.raises(ValueError, match="no school year"):
        school_year_from_key(text)
