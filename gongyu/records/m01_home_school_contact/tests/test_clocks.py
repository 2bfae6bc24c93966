"""The clock explains itself, and a changed day off moves it and says who, when, from and to."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils.timezone import localtime, make_aware
from hypothesis import given
from hypothesis import strategies as st

from gongyu.ground.calendar.working_days import NamedDay, is_working_day
from gongyu.ground.holidays.actions import clear_day, set_days
from gongyu.ground.holidays.queries import changes_since, layers_of, special_days
from gongyu.records.m01_home_school_contact.clocks import clock, moves
from gongyu.records.m01_home_school_contact.parameters import ContactClock, contact_clock
from tests.cast import CAST_DAY, CAST_MOMENT

RULE = ContactClock(0, time(7), time(21), "当日", "本系统的约定")


def at(text: str) -> datetime:
    return make_aware(datetime.fromisoformat(text))


def test_the_parameter_of_the_plan_says_the_same_day_and_names_its_source():
    rule = contact_clock()
    assert (rule.days, rule.until_hour) == (0, time(21))
    assert "不判超时" in rule.decision and rule.source == "本系统的约定"


@pytest.mark.parametrize(
    ("noticed", "due", "uncounted"),
    [
        ("2026-11-04T10:05", "2026-11-04T21:00", 0),  # a Wednesday
        ("2026-11-04T06:10", "2026-11-04T21:00", 0),
        ("2026-11-04T21:00", "2026-11-05T21:00", 1),  # too late in the evening
        ("2026-11-06T22:30", "2026-11-09T21:00", 3),  # a Friday night
        ("2026-11-07T09:00", "2026-11-09T21:00", 2),  # a Saturday
        ("2026-10-01T09:00", "2026-10-08T21:00", 7),  # the National Day week
        ("2026-10-10T09:00", "2026-10-10T21:00", 0),  # a Saturday that is worked
    ],
)
def test_the_first_contact_is_due_on_the_same_day_that_counts(noticed, due, uncounted):
    found = clock(at(noticed), RULE, {})
    assert found.due_at == at(due)
    assert sum(not day.counts for day in found.days) == uncounted
    assert all(day.why for day in found.days)


def test_hours_begin_with_the_noticing_and_not_before_families_are_called():
    assert clock(at("2026-11-04T10:05"), RULE, {}).days[0].first == time(10, 5)
    assert clock(at("2026-11-04T05:00"), RULE, {}).days[0].first == time(7)


def test_a_district_may_allow_more_days_and_only_working_days_count():
    two = ContactClock(2, time(7), time(21), "", "")
    assert clock(at("2026-11-05T10:00"), two, {}).due_at == at("2026-11-09T21:00")


@given(
    minutes=st.integers(0, 60 * 24 * 200),
    days=st.integers(0, 5),
    off=st.sets(st.integers(0, 200), max_size=30),
)
def test_it_agrees_with_a_slow_reading_hour_by_hour(minutes, days, off):
    noticed = at("2026-03-01T00:00") + timedelta(minutes=minutes)
    table = {
        day: NamedDay(day, False, "停课", "文")
        for day in (date(2026, 3, 1) + timedelta(days=n) for n in off)
    }
    rule = ContactClock(days, time(7), time(21), "", "")
    # Walk on in quarters of an hour until the last quarter of the last day that counts.
    moment, counted = localtime(noticed), set()
    while len(counted) <= days and moment < noticed + timedelta(days=62):
        if is_working_day(moment.date(), table).working and moment.time() < time(21):
            counted.add(moment.date())
        moment += timedelta(minutes=15)
    assert localtime(clock(noticed, rule, table).due_at).date() == max(counted)


def test_a_changed_day_off_moves_it_and_says_so(cast):
    by, noticed = cast.city_officer.actor, CAST_MOMENT
    day_off = NamedDay(CAST_DAY, False, "高温停课", "渝教〔2026〕8号")
    assert moves(noticed, RULE, layers_of([""])[""], []) == []
    set_days([day_off], by=by)
    set_days([NamedDay(date(2026, 12, 25), False, "无关", "文")], by=by)
    changes = changes_since(noticed - timedelta(days=1))
    [move] = moves(noticed, RULE, layers_of([""])[""], changes)
    assert (move.by, move.day) == ("冉莉", CAST_DAY)
    assert "高温停课" in move.why and "渝教〔2026〕8号" in move.why
    assert (move.due_before, move.due_after) == (at("2026-11-04T21:00"), at("2026-11-05T21:00"))
    clear_day(CAST_DAY, by=by)
    there, back = moves(
        noticed, RULE, layers_of([""])[""], changes_since(noticed - timedelta(days=1))
    )
    assert (back.due_before, back.due_after) == (there.due_after, there.due_before)
    assert clock(noticed, RULE, special_days()).due_at == there.due_before


def test_a_districts_own_day_moves_it_and_covers_the_citys(cast):
    """The district works through a day that the city takes off afterwards: nothing moves there, and
    taking the district's word out again lets the city's in."""
    by, noticed, code = cast.city_officer.actor, CAST_MOMENT, cast.district.code
    since = noticed - timedelta(days=1)

    def told(district: str) -> list:
        found = moves(
            noticed, RULE, layers_of([district])[district], changes_since(since, district)
        )
        return [(localtime(m.due_before).day, localtime(m.due_after).day, m.why[:4]) for m in found]

    set_days([NamedDay(CAST_DAY, True, "补课", "区教〔2026〕3号")], district=code, by=by)
    set_days([NamedDay(CAST_DAY, False, "停课", "渝教〔2026〕8号")], by=by)
    assert (told(code), told("")) == ([], [(4, 5, "停课放假")])
    clear_day(CAST_DAY, district=code, by=by)
    assert told(code) == [(4, 5, "取消原来")]
    set_days([NamedDay(CAST_DAY, False, "州庆", "条例")], district=cast.other_district.code, by=by)
    assert len(told(code)) == 1 and told("") == [(4, 5, "停课放假")]
