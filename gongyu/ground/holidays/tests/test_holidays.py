"""The editable table decides first, says who changed it, and agrees with the plan's calendar."""

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.calendar.working_days import NamedDay, is_working_day
from gongyu.ground.holidays import actions, queries, rules
from gongyu.ground.holidays.models import SpecialDay

pytestmark = pytest.mark.django_db

NEW_YEAR = NamedDay(date(2027, 1, 1), False, "元旦", "国办发明电〔2026〕1号")


def test_a_deadline_moves_when_a_day_is_taken_off_and_stops_being_an_estimate():
    before = queries.deadline(date(2026, 12, 31), 1)
    assert before.day == date(2027, 1, 1) and before.estimated
    monday = NamedDay(date(2027, 1, 4), True, "元旦", "国办发明电〔2026〕1号")
    weekend = [NamedDay(date(2027, 1, n), False, "元旦", NEW_YEAR.source) for n in (2, 3)]
    actions.set_days([NEW_YEAR, *weekend, monday], by=SYSTEM)
    after = queries.deadline(date(2026, 12, 31), 1)
    assert after.day == date(2027, 1, 4) and not after.estimated
    assert after.counted[0].why == "元旦放假"
    assert queries.deadline(date(2026, 12, 31), 0).counted == ()


def test_the_same_entries_again_change_nothing():
    assert len(actions.set_days([NEW_YEAR], by=SYSTEM)) == 1
    assert actions.set_days([NEW_YEAR], by=SYSTEM) == []
    assert Entry.objects.filter(verb="holiday.set").count() == 1
    assert queries.special_days(2026) == {}
    assert queries.special_days(2027) == {NEW_YEAR.day: NEW_YEAR}


def test_clearing_a_day_gives_it_back_to_the_published_calendar():
    actions.set_days([NEW_YEAR], by=SYSTEM)
    assert actions.clear_day(NEW_YEAR.day, by=SYSTEM).name == "元旦"
    assert actions.clear_day(NEW_YEAR.day, by=SYSTEM) is None
    assert queries.special_days() == {}
    assert Entry.objects.filter(verb="holiday.clear").count() == 1


def test_an_entry_without_a_source_or_given_twice_is_refused_whole():
    nameless = NamedDay(date(2027, 5, 1), False, "劳动节", " ")
    for entries in ([NEW_YEAR, nameless], [NEW_YEAR, NEW_YEAR]):
        with pytest.raises(rules.DayRefused):
            actions.set_days(entries, by=SYSTEM)
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("gap", ["name", "source"])
def test_the_database_itself_refuses_an_entry_with_a_gap(gap):
    fields = {"day": NEW_YEAR.day, "is_working": False, "name": "元旦", "source": "文号"}
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialDay.objects.create(**fields | {gap: ""})


def test_a_district_s_own_day_holds_there_alone_and_goes_before_the_citys():
    anniversary = NamedDay(date(2027, 11, 10), False, "县庆", "彭水自治条例")
    actions.set_days([anniversary], district="500243", by=SYSTEM)
    assert queries.special_days(2027) == {}
    assert queries.special_days(2027, district="500243") == {anniversary.day: anniversary}
    assert queries.deadline(date(2027, 11, 9), 1).day == date(2027, 11, 10)
    assert queries.deadline(date(2027, 11, 9), 1, "500243").day == date(2027, 11, 11)
    worked = NamedDay(anniversary.day, True, "县庆改期", "彭水县政府通知")
    actions.set_days([anniversary], by=SYSTEM)
    actions.set_days([worked], district="500243", by=SYSTEM)
    assert queries.special_days(2027, district="500243") == {anniversary.day: worked}
    assert [row.district for row in queries.entries(2027)] == ["", "500243"]
    assert [row.district for row in queries.entries(2027, "500101")] == [""]
    assert actions.clear_day(anniversary.day, by=SYSTEM).district == ""
    assert SpecialDay.objects.get().district == "500243"


def test_the_plans_days_off_are_those_of_the_clock():
    plan = Path(__file__).parents[4] / "plans/chongqing-2024/calendar.toml"
    holidays = tomllib.loads(plan.read_text(encoding="utf-8"))["holidays"]
    assert holidays
    for holiday in holidays:
        count = (holiday["ends_on"] - holiday["starts_on"]).days + 1
        for number in range(count):
            day = holiday["starts_on"] + timedelta(days=number)
            assert not is_working_day(day).working, (holiday["name"], day)
        for day in holiday["working_days"]:
            assert is_working_day(day).working, (holiday["name"], day)
