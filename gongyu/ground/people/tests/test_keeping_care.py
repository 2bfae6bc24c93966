"""Carers, custody and bars between two rosters: what holds from which day, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from gongyu.ground.audit.models import Entry
from gongyu.ground.people.models import Bar, Care, Carer
from gongyu.ground.people.queries import carers_on, carers_to_reach
from gongyu.ground.people.roster.known import CARER_PHONE
from gongyu.ground.secrets.fields import digest
from tests.cast import CAST_DAY, LONG_AGO, YEAR_FROM, YESTERDAY, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

TODAY = CAST_DAY.isoformat()
TOMORROW = CAST_DAY + timedelta(days=1)
AUNT = {"name": "李兰", "relation": "relative", "phone": "139-0000-0009", "from_on": TODAY}


@pytest.fixture
def registrar(cast, client):
    return sign_in(client, cast.registrar)


def care_of(child, carer) -> Care:
    return Care.objects.get(child=child, carer=carer, until_on=None)


def at(name: str, row) -> str:
    return reverse(f"keeping:{name}", args=[row.child_id, row.pk])


def reached(child, on=CAST_DAY) -> set[str]:
    return {one.carer.name for one in carers_to_reach(child, on)}


def deeds(cast) -> list[str]:
    rows = Entry.objects.filter(user_id=cast.registrar.user.pk).exclude(verb="child.read")
    return list(rows.order_by("seq").values_list("verb", flat=True))


def test_a_guardian_ending_today_is_no_longer_reached_today_and_was_yesterday(cast, registrar):
    page = at("end-care", care_of(cast.pupil, cast.mother))
    assert "没有登记监护人" not in registrar.post(page, {"on": TODAY}).content.decode()
    assert "李梅" in reached(cast.pupil)
    registrar.post(page, {"on": TODAY, "sure": "1"})
    assert "李梅" not in reached(cast.pupil)
    assert "李梅" in reached(cast.pupil, YESTERDAY)
    assert deeds(cast) == ["care.end"]


def test_the_confirmation_warns_when_nobody_is_left_as_guardian(cast, registrar):
    page = at("end-care", care_of(cast.classmate, cast.classmates_mother))
    text = registrar.post(page, {"on": TODAY}).content.decode()
    assert "没有登记监护人" in text
    assert "没有登记日常照护人" in text


def test_custody_changes_on_a_day_and_what_held_before_stays(cast, registrar):
    page = at("change-care", care_of(cast.pupil, cast.grandmother))
    typed = {"is_guardian": "on", "is_daily_carer": "on", "on": TODAY}
    registrar.post(page, {**typed, "sure": "1"})
    held = {
        day: next(one for one in carers_on(cast.pupil, day) if one.carer == cast.grandmother)
        for day in (YESTERDAY, CAST_DAY)
    }
    assert not held[YESTERDAY].is_guardian
    assert held[CAST_DAY].is_guardian
    assert held[CAST_DAY].is_daily_carer
    assert carers_on(cast.pupil, CAST_DAY)[0].carer == cast.grandmother
    assert deeds(cast) == ["care.end", "care.add"]


def test_custody_of_tomorrow_does_not_hold_today(cast, registrar):
    page = at("change-care", care_of(cast.pupil, cast.mother))
    registrar.post(page, {"on": TOMORROW.isoformat(), "is_daily_carer": "on", "sure": "1"})
    today, then = (
        next(one for one in carers_on(cast.pupil, day) if one.carer == cast.mother)
        for day in (CAST_DAY, TOMORROW)
    )
    assert (today.is_guardian, then.is_guardian) == (True, False)


def test_a_change_that_changes_nothing_is_refused(cast, registrar):
    page = at("change-care", care_of(cast.pupil, cast.mother))
    answer = registrar.post(page, {"is_guardian": "on", "on": TODAY})
    assert answer.status_code == 422
    assert "与现在相同" in str(answer.context["form"].non_field_errors())


@pytest.mark.parametrize(
    ("name", "typed", "field", "words"),
    [
        ("end-care", {"on": LONG_AGO.isoformat()}, "on", "必须晚于这段照护关系的起始日"),
        ("end-care", {"on": "2206-11-04"}, "on", "请核对年份"),
        ("end-care", {"on": "1999-12-31"}, "on", "请核对年份"),
        ("end-care", {"on": "2026-02-30"}, "on", "请填写日期"),
        ("end-care", {"on": ""}, "on", "请选择日期"),
        ("bar", {"basis": "令", "from_on": TODAY}, "contact", "请至少选择一项限制"),
        ("bar", {"contact": "on", "from_on": TODAY}, "basis", "请填写依据"),
        (
            "bar",
            {"contact": "on", "basis": "令", "from_on": TODAY, "until_on": TODAY},
            "until_on",
            "结束日期必须晚于",
        ),
        ("change-phone", {"phone": "1380000"}, "phone", "手机号应有 11 位"),
        ("take-back-care", {"why": ""}, "why", "请写明原因"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_kept(cast, registrar, name, typed, field, words):
    care = care_of(cast.pupil, cast.mother)
    answer = registrar.post(at(name, care), typed)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    for value in filter(None, typed.values()):
        assert str(answer.context["form"][field].value() or "") == typed.get(field, "")
        assert value == "on" or value in answer.content.decode()
    care.refresh_from_db()
    assert care.until_on is None
    assert deeds(cast) == []


def test_a_barred_carer_is_not_reached_from_the_day_and_is_again_once_lifted(cast, registrar):
    page = at("bar", care_of(cast.pupil, cast.mother))
    typed = {"contact": "on", "information": "on", "basis": "告诫书1号", "from_on": TODAY}
    registrar.post(page, {**typed, "sure": "1"})
    assert "李梅" not in reached(cast.pupil)
    assert "李梅" in reached(cast.pupil, YESTERDAY)
    assert "李梅" in reached(cast.sister)
    bar = Bar.objects.get(child=cast.pupil, carer=cast.mother)

    lift = at("lift-bar", bar)
    assert registrar.post(lift, {"until_on": TODAY, "why": "撤销"}).status_code == 422
    later = (CAST_DAY + timedelta(days=5)).isoformat()
    registrar.post(lift, {"until_on": later, "why": "法院撤销", "sure": "1"})
    assert "李梅" not in reached(cast.pupil, CAST_DAY + timedelta(days=4))
    assert "李梅" in reached(cast.pupil, CAST_DAY + timedelta(days=5))
    assert deeds(cast) == ["bar.start", "bar.lift"]
    assert Entry.objects.get(verb="bar.lift").why == "法院撤销"


def test_one_carer_is_not_barred_twice_on_one_day(cast, registrar):
    page = at("bar", care_of(cast.pupil, cast.barred_father))
    typed = {"contact": "on", "basis": "令", "from_on": TODAY}
    answer = registrar.post(page, typed)
    assert "已有限制记录" in str(answer.context["form"].errors["from_on"])


def test_a_bar_entered_by_mistake_is_taken_back_and_the_audit_keeps_what_it_said(cast, registrar):
    page = at("bar", care_of(cast.pupil, cast.mother))
    registrar.post(page, {"contact": "on", "basis": "令", "from_on": TODAY, "sure": "1"})
    bar = Bar.objects.get(child=cast.pupil, carer=cast.mother)
    registrar.post(at("take-back-bar", bar), {"why": "选错了人", "sure": "1"})
    assert "李梅" in reached(cast.pupil)
    entry = Entry.objects.get(verb="bar.take_back")
    assert (entry.why, entry.detail["carer"]) == ("选错了人", cast.mother.pk)
    assert entry.detail["from"] == TODAY


def test_a_bar_of_long_standing_cannot_be_taken_back(cast, registrar):
    bar = Bar.objects.get(child=cast.pupil)
    answer = registrar.post(at("take-back-bar", bar), {"why": "误登", "sure": "1"})
    assert answer.status_code == 422
    assert "杨勇" not in reached(cast.pupil)


def test_a_carer_is_added_from_a_day_with_numbers_encrypted_and_found_by_digest(cast, registrar):
    page = reverse("keeping:add-carer", args=[cast.pupil.pk])
    shown = registrar.post(page, {**AUNT, "is_daily_carer": "on"}).content.decode()
    assert "13900000009" in shown
    assert not Carer.objects.filter(name="李兰").exists()
    registrar.post(page, {**AUNT, "is_daily_carer": "on", "sure": "1"})
    aunt = Carer.objects.get(name="李兰")
    assert aunt.phone == "13900000009"
    assert aunt.phone_digest == digest(CARER_PHONE, "13900000009")
    assert "李兰" in reached(cast.pupil)
    assert "李兰" not in reached(cast.pupil, YESTERDAY)
    assert deeds(cast) == ["care.add"]


def test_the_same_person_beside_two_children_is_one_person(cast, registrar):
    for child in (cast.pupil, cast.classmate):
        page = reverse("keeping:add-carer", args=[child.pk])
        registrar.post(page, {**AUNT, "sure": "1"})
    assert Carer.objects.filter(name="李兰").count() == 1
    again = registrar.post(reverse("keeping:add-carer", args=[cast.pupil.pk]), AUNT)
    assert "已登记为该生的照护人" in str(again.context["form"].errors["name"])


def test_a_barred_father_does_not_come_in_again_under_another_number(cast, registrar):
    page = reverse("keeping:add-carer", args=[cast.pupil.pk])
    typed = {**AUNT, "name": "杨勇", "relation": "father"}
    for sure in ({}, {"sure": "1"}):
        answer = registrar.post(page, {**typed, **sure})
        assert "正被限制" in str(answer.context["form"].errors["name"])
    assert Carer.objects.filter(name="杨勇").count() == 1


def test_an_id_number_of_somebody_else_is_refused(cast, registrar):
    number = "11010519491231002X"
    page = reverse("keeping:add-carer", args=[cast.pupil.pk])
    registrar.post(page, {**AUNT, "id_number": number, "sure": "1"})
    page = reverse("keeping:add-carer", args=[cast.classmate.pk])
    answer = registrar.post(page, {**AUNT, "name": "李蓝", "id_number": number.lower()})
    assert "另一个姓名" in str(answer.context["form"].errors["id_number"])
    wrong = registrar.post(page, {**AUNT, "id_number": number[:-1] + "1"})
    assert "校验不符" in str(wrong.context["form"].errors["id_number"])


def test_a_telephone_changes_for_brothers_and_sisters_too_and_the_page_says_so(cast, registrar):
    page = at("change-phone", care_of(cast.pupil, cast.grandmother))
    typed = {"phone": "１３９１１１１２２２２", "other_phone": ""}
    assert "另外1名学生" in registrar.post(page, typed).content.decode()
    registrar.post(page, {**typed, "sure": "1"})
    cast.grandmother.refresh_from_db()
    assert cast.grandmother.phone == "13911112222"
    assert cast.grandmother.phone_digest == digest(CARER_PHONE, "13911112222")
    entry = Entry.objects.get(verb="carer.change")
    assert entry.detail == {"carer": cast.grandmother.pk, "fields": ["phone"]}


def test_a_carer_entered_by_mistake_is_taken_back(cast, registrar):
    registrar.post(reverse("keeping:add-carer", args=[cast.pupil.pk]), {**AUNT, "sure": "1"})
    care = Care.objects.get(carer__name="李兰")
    registrar.post(at("take-back-care", care), {"why": "登错学生", "sure": "1"})
    assert "李兰" not in reached(cast.pupil)
    assert deeds(cast) == ["care.add", "care.take_back"]
    old = care_of(cast.pupil, cast.mother)
    refused = registrar.post(at("take-back-care", old), {"why": "误登", "sure": "1"})
    assert "已超过一个月" in str(refused.context["form"].non_field_errors())


def test_going_back_from_the_confirmation_keeps_what_was_typed(cast, registrar):
    page = at("bar", care_of(cast.pupil, cast.mother))
    typed = {"information": "on", "basis": "告诫书2号", "from_on": YEAR_FROM.isoformat()}
    form = registrar.post(page, {**typed, "back": "1"}).context["form"]
    assert form["basis"].value() == "告诫书2号"
    assert form["from_on"].value() == YEAR_FROM.isoformat()
    assert (form["contact"].value(), form["information"].value()) == (False, True)
    assert not Bar.objects.filter(carer=cast.mother).exists()


def test_the_confirmation_sends_exactly_what_was_typed(cast, registrar):
    from html.parser import HTMLParser

    class Hidden(HTMLParser):
        found: dict = {}

        def handle_starttag(self, tag, attrs):
            attrs = dict(attrs)
            if tag == "input" and attrs.get("type") == "hidden" and "name" in attrs:
                self.found[attrs["name"]] = attrs.get("value", "")

    page = at("change-care", care_of(cast.pupil, cast.grandmother))
    shown = registrar.post(page, {"is_guardian": "on", "on": TODAY}).content.decode()
    parser = Hidden()
    parser.feed(shown)
    sent = {name: value for name, value in parser.found.items() if name != "csrfmiddlewaretoken"}
    registrar.post(page, {**sent, "sure": "1"})
    care = care_of(cast.pupil, cast.grandmother)
    assert (care.is_guardian, care.is_daily_carer, care.from_on) == (True, False, CAST_DAY)
