"""Intervals are half-open in the database and told by their last day to people."""

from datetime import date

from gongyu.ground.staff.models import Post


def test_the_last_day_is_the_day_before_the_first_that_is_outside():
    post = Post(from_on=date(2026, 9, 1), until_on=date(2026, 12, 6))
    assert post.last_day == date(2026, 12, 5) and post.holds_on(post.last_day)
    assert not post.holds_on(post.until_on)


def test_what_is_open_has_no_last_day():
    assert Post(from_on=date(2026, 9, 1), until_on=None).last_day is None
