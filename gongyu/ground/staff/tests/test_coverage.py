"""Gaps between posts, held against a walk over the days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongyu.ground.staff.coverage import gaps
from gongyu.ground.staff.models import Post
from tests.cast import YEAR_FROM

pytestmark = pytest.mark.without_database

day = st.integers(0, 30)
stay = st.tuples(day, st.one_of(st.none(), st.integers(1, 20)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stays=st.lists(stay, max_size=6), first=st.integers(0, 10), today=st.integers(10, 30))
def test_gaps_are_exactly_the_days_on_which_nobody_held_a_post(stays, first, today):
    def as_date(number: int) -> date:
        return YEAR_FROM + timedelta(days=number)

    posts = [
        Post(from_on=as_date(a), until_on=None if length is None else as_date(a + length))
        for a, length in stays
    ]
    found = gaps(posts, as_date(first), as_date(today))
    in_gaps = {
        number
        for gap in found
        for number in range(first, today + 1)
        if gap.first <= as_date(number) and (gap.until is None or as_date(number) < gap.until)
    }
    empty = {
        number
        for number in range(first, today + 1)
        if not any(post.holds_on(as_date(number)) for post in posts)
    }
    assert in_gaps == empty
    assert all(gap.until is None or gap.first < gap.until for gap in found)
