"""Periods come from the calendar, by group of stages, on the day that is told."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongyu.plan import load_plan
from gongyu.plan.periods import (
    all_periods,
    current_period,
    latest_period,
    period_of_key,
    periods,
)
from gongyu.plan.vocabulary import CALENDAR_PERIODS, STAGE_GROUPS

CALENDAR = load_plan().calendar
DAYS = st.dates(date(2024, 9, 1), date(2036, 8, 31))


def key(kind, stage, day):
    found = current_period(CALENDAR, kind, stage, day)
    return found and found.key


def test_the_second_semester_ends_later_for_senior_schools():
    assert key("semester", "compulsory", date(2026, 7, 1)) == "2025-2026-2"
    assert key("semester", "compulsory", date(2026, 7, 2)) is None
    assert key("semester", "senior", date(2026, 7, 8)) == "2025-2026-2"
    assert key("semester", "senior", date(2026, 7, 9)) is None
    assert key("vacation", "senior", date(2026, 7, 9)) == "2025-2026-summer"


def test_a_vacation_has_no_semester_but_a_latest_one():
    day = date(2026, 2, 10)

    assert current_period(CALENDAR, "semester", "compulsory", day) is None
    assert latest_period(CALENDAR, "semester", "compulsory", day).key == "2025-2026-1"
    assert key("vacation", "compulsory", day) == "2025-2026-winter"


def test_before_the_first_semester_there_is_no_latest_one():
    assert latest_period(CALENDAR, "semester", "compulsory", date(2020, 1, 1)) is None


def test_half_years_are_those_of_the_calendar():
    assert key("half_year", "compulsory", date(2026, 6, 30)) == "2026H1"
    assert key("half_year", "compulsory", date(2026, 7, 1)) == "2026H2"
    assert key("year", "compulsory", date(2026, 7, 1)) == "2026"


def test_a_school_year_runs_from_september_to_august():
    assert key("school_year", "kindergarten", date(2026, 8, 31)) == "2025-2026"
    assert key("school_year", "kindergarten", date(2026, 9, 1)) == "2026-2027"


def test_unpublished_dates_say_that_they_are_estimated():
    for day, stage, estimated in [
        (date(2025, 10, 1), "compulsory", False),
        (date(2025, 10, 1), "kindergarten", True),
        (date(2026, 10, 1), "compulsory", True),
        (date(2033, 10, 1), "senior", True),
    ]:
        assert current_period(CALENDAR, "semester", stage, day).estimated is estimated


def test_titles_are_what_people_say():
    titles = [
        period_of_key(CALENDAR, kind, "compulsory", key).title
        for kind, key in [
            ("semester", "2026-2027-2"),
            ("vacation", "2026-2027-winter"),
            ("half_year", "2026H2"),
            ("school_year", "2026-2027"),
            ("year", "2026"),
        ]
    ]

    assert titles == [
        "2026-2027学年第二学期", "2026-2027学年寒假", "2026年下半年", "2026-2027学年", "2026年",
    ]  # fmt: skip
    assert period_of_key(CALENDAR, "year", "compulsory", "1999") is None


def test_an_unknown_kind_or_stage_is_an_error():
    with pytest.raises(ValueError, match="stage group"):
        periods(CALENDAR, "nursery")
    with pytest.raises(ValueError, match="kind of period"):
        periods(CALENDAR, "compulsory", "fortnight")


def test_keys_are_unique_within_kind_and_stage():
    rows = all_periods(CALENDAR)

    assert len({(row.kind, row.stage_group, row.key) for row in rows}) == len(rows)
    assert {row.kind for row in rows} == set(CALENDAR_PERIODS)


@given(day=DAYS, stage=st.sampled_from(sorted(STAGE_GROUPS)))
def test_no_day_is_in_two_periods_of_one_kind(day, stage):
    for kind in CALENDAR_PERIODS:
        holding = [row for row in periods(CALENDAR, stage, kind) if row.holds(day)]
        assert len(holding) <= 1
        assert holding == [row for row in [current_period(CALENDAR, kind, stage, day)] if row]


@given(day=DAYS, stage=st.sampled_from(sorted(STAGE_GROUPS)))
def test_every_day_is_in_a_school_year_and_never_in_term_and_vacation(day, stage):
    assert current_period(CALENDAR, "school_year", stage, day) is not None
    term = current_period(CALENDAR, "semester", stage, day)
    vacation = current_period(CALENDAR, "vacation", stage, day)
    assert term is None or vacation is None
    if term:
        assert term.starts_on <= day < term.until_on == term.ends_on + timedelta(days=1)
