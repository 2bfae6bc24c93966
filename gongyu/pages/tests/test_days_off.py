"""Days off: the city's officers keep the city's, a district's officer the district's own."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from gongyu.ground.audit.models import Entry
from gongyu.ground.calendar.working_days import NamedDay, published_days
from gongyu.ground.holidays import queries as holidays
from gongyu.ground.holidays.models import SpecialDay
from gongyu.pages.queries.days_off import Stretch, stretches
from tests.cast import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

PAGE, ENTER = "/days-off/", "/days-off/enter/"
KEEPERS = {"city_officer", "district_officer", "neighbouring_officer"}


def typed(**more) -> dict:
    new_year = {"first": "2027-01-01", "last": "2027-01-03", "what": "off", "name": "元旦"}
    return {**new_year, "source": "国办发明电〔2026〕1号", **more}


def test_officers_enter_and_for_others_there_is_nothing(cast, client):
    for name, person in cast.people().items():
        sign_in(client, person)
        answers = {client.get(page).status_code for page in (PAGE, ENTER)}
        assert answers == {200 if name in KEEPERS else 404}, name


def test_a_holiday_is_entered_in_two_steps_and_is_no_estimate_any_more(cast, client):
    sign_in(client, cast.city_officer)
    assert "2027 年的放假安排还没有收录" in client.get(PAGE + "?year=2027").content.decode()
    before = holidays.deadline(date(2026, 12, 31), 1)
    assert (before.day, before.estimated) == (date(2027, 1, 1), True)
    shown = client.post(ENTER, typed())
    assert "2027年1月1日至2027年1月3日" in shown.content.decode()
    assert not SpecialDay.objects.exists()
    assert client.post(ENTER, typed(sure="1")).status_code == 302
    assert holidays.deadline(date(2026, 12, 31), 1).day == date(2027, 1, 4)
    assert Entry.objects.filter(verb="holiday.set").count() == 3
    page = client.get(PAGE + "?year=2027").content.decode()
    assert "国办发明电〔2026〕1号" in page and "1月3日" in page
    client.post(ENTER, typed(sure="1"))
    assert Entry.objects.filter(verb="holiday.set").count() == 3


def test_a_district_keeps_its_own_days_and_leaves_the_citys_alone(cast, client):
    sign_in(client, cast.city_officer)
    client.post(ENTER, typed(last="", sure="1"))
    sign_in(client, cast.district_officer)
    own = typed(first="2027-11-10", last="", name="区庆", source="区政府通知", sure="1")
    assert client.post(ENTER, own).status_code == 302
    city, district = SpecialDay.objects.order_by("day")
    assert (city.district, district.district) == ("", cast.district.code)
    page = client.get(PAGE + "?year=2027")
    assert [each.may_clear for each in page.context["page"].entered] == [False, True]
    assert "由市教委登记" in page.content.decode()
    clear = reverse("pages:clear-day-off", args=[city.pk])
    assert client.post(clear).status_code == 404
    sign_in(client, cast.neighbouring_officer)
    assert client.post(reverse("pages:clear-day-off", args=[district.pk])).status_code == 404
    assert [e.row for e in client.get(PAGE + "?year=2027").context["page"].entered] == [city]
    sign_in(client, cast.city_officer)
    assert "渝中区" in client.get(PAGE + "?year=2027").content.decode()
    assert client.post(clear).status_code == 302
    assert list(SpecialDay.objects.all()) == [district]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"first": ""}, "first", "请填写这一项"),
        ({"first": "元旦"}, "first", "请填写日期"),
        ({"first": "2226-01-01", "last": ""}, "first", "2028年12月31日之间"),
        ({"last": "2026-12-31"}, "last", "不能早于开始的日子"),
        ({"last": "2027-02-28"}, "last", "一次最多登记31天"),
        ({"what": "worked"}, "first", "调休上班只用于周六、周日"),
        ({"what": "asleep"}, "what", "请从给出的选项中选择"),
        ({"source": " "}, "source", "请填写这一项"),
        ({"name": "长" * 41}, "name", "最多40个字，现在有41个"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_the_rest_is_kept(
    cast, client, change, field, words
):
    sign_in(client, cast.city_officer)
    answer = client.post(ENTER, {**typed(), **change, "sure": "1"})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    assert ("元旦" if field != "name" else "国办发明电") in answer.content.decode()
    assert not SpecialDay.objects.exists()


@pytest.mark.parametrize("year", ["", "x", "1", "99999999999999999999", "2031"])
def test_a_year_that_cannot_be_chosen_is_this_one(cast, client, year):
    sign_in(client, cast.city_officer)
    page = client.get(PAGE, {"year": year}).context["page"]
    assert page.year == 2026 and not page.estimated


def test_days_in_a_row_are_one_line():
    days = [
        NamedDay(date(2026, 10, n), worked, "国庆节")
        for n, worked in ((1, False), (2, False), (3, True), (5, False))
    ]
    assert stretches(days) == [
        Stretch(date(2026, 10, 1), date(2026, 10, 2), False, "国庆节"),
        Stretch(date(2026, 10, 3), date(2026, 10, 3), True, "国庆节"),
        Stretch(date(2026, 10, 5), date(2026, 10, 5), False, "国庆节"),
    ]
    assert sum(each.days for each in stretches(published_days(2026))) == len(published_days(2026))
    assert published_days(2031) == []
