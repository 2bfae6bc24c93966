"""Staff sheets: people found again, posts opened, handed over and closed."""

from __future__ import annotations

from datetime import date

import pytest

from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.roster import keeping
from gongyu.ground.staff.models import Post, Staff
from tests.cast import CAST_DAY, YEAR_FROM

from .rosters import bring_in, codes, hand_in, number, read, sheet, warned

pytestmark = pytest.mark.django_db

HEADINGS = (
    "姓名",
    "身份证件号",
    "手机号",
    "任教学科",
    "岗位",
    "任教班级",
    "担任班主任班级",
    "任职日期",
    "离任日期",
)


def _row(**more) -> dict:
    return {"姓名": "新老师", "手机号": "13800007777", **more}


def _staff(*rows: dict) -> bytes:
    return sheet(*rows, headings=HEADINGS)


def test_new_staff_come_with_their_posts_and_facts(cast):
    row = _row(岗位="德育主任", 任教学科="语文", 任教班级=cast.this_class.name)
    roster = bring_in(cast.school, _staff(row), on=CAST_DAY)
    assert roster.kind == "staff"
    staff = Staff.objects.get(name="新老师")
    held = {(p.role, p.place_id, p.subject) for p in staff.posts.all()}
    assert held == {
        ("moral_education_head", cast.school.pk, ""),
        ("subject_teacher", cast.this_class.pk, "语文"),
    }
    assert Fact.objects.filter(kind="post.held", actor_id=staff.pk).count() == 2
    again = hand_in(cast.school, _staff(row), on=CAST_DAY)
    assert (again.summary["unchanged"], again.summary["added"], again.summary["opened"]) == (
        2,
        0,
        0,
    )


def test_a_new_class_teacher_takes_over_on_the_day_and_the_preview_says_so(cast):
    row = _row(岗位="班主任", 担任班主任班级=cast.this_class.name)
    roster = hand_in(cast.school, _staff(row), on=CAST_DAY)
    assert roster.summary["handed_over"] == 1
    assert "接替周晓兰" in str(keeping.kept_preview(roster.kept_as)["tabs"])
    bring_in(cast.school, _staff(row), on=CAST_DAY)
    old = Post.objects.get(pk=cast.class_teacher.post.pk)
    new = Post.objects.get(staff__name="新老师")
    assert (old.until_on, new.from_on, new.place) == (CAST_DAY, CAST_DAY, cast.this_class)


def test_an_acting_class_teacher_stands_beside_the_regular_one(cast):
    row = _row(岗位="代理班主任", 担任班主任班级=cast.this_class.name)
    bring_in(cast.school, _staff(row), on=CAST_DAY)
    assert Post.objects.get(staff__name="新老师").acting
    assert Post.objects.get(pk=cast.class_teacher.post.pk).until_on is None


def test_a_day_of_leaving_ends_the_post(cast):
    row = _row(姓名="新老师", 岗位="德育主任")
    bring_in(cast.school, _staff(row), on=YEAR_FROM)
    bring_in(cast.school, _staff({**row, "离任日期": CAST_DAY.isoformat()}), on=CAST_DAY)
    assert Post.objects.get(staff__name="新老师").until_on == CAST_DAY


def test_somebody_of_the_same_name_in_the_school_is_asked_about(cast):
    row = _row(姓名=cast.class_teacher.staff.name, 岗位="德育主任")
    roster = hand_in(cast.school, _staff(row), on=CAST_DAY)
    [doubt] = keeping.kept_preview(roster.kept_as)["doubts"]
    assert [pk for pk, _words in doubt["candidates"]] == [cast.class_teacher.staff.pk]


def test_a_class_that_the_school_does_not_have_is_refused_with_its_row(cast):
    row = _row(岗位="班主任", 担任班主任班级="六年级9班")
    roster = hand_in(cast.school, _staff(row), on=CAST_DAY)
    assert roster.status == "refused"
    [fault] = keeping.kept_preview(roster.kept_as)["faults"]
    assert (fault["code"], fault["row"]) == ("staff_class_unknown", 2)


def _two_class_teachers(cast, **more) -> bytes:
    taught = {"岗位": "班主任", "担任班主任班级": cast.this_class.name}
    one = _row(姓名="甲老师", 手机号="13800007771", **taught, **more)
    return _staff(one, _row(姓名="乙老师", 手机号="13800007772", **taught))


def test_two_class_teachers_of_one_class_are_refused_with_both_rows(cast):
    roster = hand_in(cast.school, _two_class_teachers(cast), on=CAST_DAY)
    assert roster.status == "refused"
    [fault] = keeping.kept_preview(roster.kept_as)["faults"]
    assert (fault["code"], fault["row"]) == ("staff_two_class_teachers", 3)
    assert "第 2 行" in fault["reason"]


def test_posts_that_contradict_what_is_kept_leave_nothing_behind(cast):
    """The regular class teacher came in on the sheet's own day: nobody can take over before that."""
    Post.objects.filter(pk=cast.class_teacher.post.pk).update(from_on=CAST_DAY)
    row = _row(岗位="班主任、德育主任", 担任班主任班级=cast.this_class.name)
    roster = bring_in(cast.school, _staff(row), on=CAST_DAY)
    assert roster.status == "refused"
    assert not Staff.objects.filter(name="新老师").exists()
    assert Post.objects.get(pk=cast.class_teacher.post.pk).until_on is None
    assert "起任职" in keeping.kept_preview(roster.kept_as)["faults"][0]["reason"]


def test_one_person_on_two_rows_is_added_once(cast):
    rows = [
        _row(身份证件号=(one := number("1985-03-03", "F")), 岗位="副校长"),
        _row(身份证件号=one, 任教学科="数学", 任教班级=cast.this_class.name),
    ]
    bring_in(cast.school, _staff(*rows), on=CAST_DAY)
    assert Staff.objects.get(name="新老师").posts.count() == 2


def test_a_staff_sheet_is_told_by_its_headings():
    row = {
        "姓名": "周晓兰",
        "手机号": "13800001111",
        "任教学科": "语文",
        "岗位": "班主任",
        "担任班主任班级": "三年级2班",
        "任教班级": "三年级2班、三年级3班",
        "任职日期": "2026.9.1",
    }
    roster = read(sheet(row, headings=tuple(row)))
    assert roster.kind == "staff" and codes(roster) == []
    assert [(e.role, [k.number for k in e.class_keys], e.from_on) for e in roster.staff] == [
        ("class_teacher", [2], date(2026, 9, 1)),
        ("subject_teacher", [2, 3], date(2026, 9, 1)),
    ]


def test_an_acting_class_teacher_and_leaders_are_told_apart():
    rows = [
        {"姓名": "周晓兰", "手机号": "13800001111", "岗位": "代理班主任", "班主任": "三年级2班"},
        {"姓名": "何敏", "手机号": "13800001112", "岗位": "副校长、德育主任", "班主任": ""},
        {"姓名": "刘门卫", "手机号": "13800001113", "岗位": "保安", "班主任": ""},
    ]
    roster = read(sheet(*rows, headings=("姓名", "手机号", "岗位", "班主任")))
    assert [(e.role, e.acting) for e in roster.staff] == [
        ("class_teacher", True),
        ("school_leader", False),
        ("moral_education_head", False),
    ]
    assert warned(roster) == ["staff_post"]
