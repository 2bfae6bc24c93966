"""Single cells: names, dates, ID numbers, telephone numbers, class names."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongyu.ground.people.roster.class_names import (
    ClassKey,
    ClassUnreadable,
    SchoolFrame,
    class_title,
    parse_class,
)
from gongyu.ground.people.roster.dates import OnlyMonth, day_of
from gongyu.ground.people.roster.id_numbers import IdNumberWrong, check_sign, parse_id_number
from gongyu.ground.people.roster.values import (
    ValueWrong,
    name_of,
    phones_of,
    relation_of,
    sex_of,
    text_of,
    yes_or_no,
)
from gongyu.ground.places.naming import class_name

FIRST = date(2015, 9, 1)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 三", "张三"),
        ("  张\u3000三 ", "张三"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("阿依古丽・努尔", "阿依古丽·努尔"),
        ("\u200b李四\ufeff", "李四"),
        ("𠮷野家", "𠮷野家"),
        ("㛃华", "㛃华"),
        ("Mary Jane O'Neil", "Mary Jane O'Neil"),
        ("欧阳娜娜", "欧阳娜娜"),
        ("〇一", "〇一"),
    ],
)
def test_a_name_is_kept_as_it_is_meant(written, name):
    assert name_of(text_of(written)) == name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("张?", "name_lost_sign"),
        ("张□", "name_lost_sign"),
        ("张\ue123", "name_private_sign"),
        ("张三2", "name_shape"),
        ("张三(大)", "name_bracket"),
        ("=cmd|'/c calc'!A1", "name_formula"),
        ("@SUM(A1)", "name_formula"),
        ("张" * 51, "name_long"),
        ("13800001111", "name_shape"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused(written, code):
    with pytest.raises(ValueWrong) as wrong:
        name_of(text_of(written))
    assert wrong.value.code == code


@pytest.mark.parametrize(
    "written",
    [
        "2015.9.1",
        "2015/9/1",
        "20150901",
        "2015年9月1日",
        "2015-09-01",
        "2015-9-1",
        "２０１５－０９－０１",
        "2015. 9. 1",
        "2015/09/01 00:00:00",
        "2015-09-01T00:00:00.000",
        "二〇一五年九月一日",
        "42248",
        42248.0,
        20150901.0,
        date(2015, 9, 1),
        datetime(2015, 9, 1, 8, 30),
    ],
)
def test_a_day_is_read_in_every_form(written):
    assert day_of(written, text_of(written)) == FIRST


def test_a_serial_number_of_the_1904_system_is_1462_days_on():
    assert day_of(40786.0, "40786", system_1904=True) == FIRST


@pytest.mark.parametrize("written", ["2015-09", "2015.9", "201509", "2015年9月", 2015.9])
def test_a_month_alone_is_no_day(written):
    with pytest.raises(OnlyMonth) as month:
        day_of(written, text_of(written))
    assert month.value.first == FIRST


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2015-02-30", "date_no_such_day"),
        ("20151301", "date_no_such_day"),
        ("15-9-1", "date_short_year"),
        ("5/6/2015", "date_order"),
        ("昨天", "date_shape"),
        ("12345678901", "date_shape"),
    ],
)
def test_a_day_that_cannot_be_one_is_refused(written, code):
    with pytest.raises(ValueWrong) as wrong:
        day_of(written, written)
    assert wrong.value.code == code


def test_month_and_day_are_told_apart_where_they_can_be():
    assert day_of("13/9/2015", "13/9/2015") == date(2015, 9, 13)
    assert day_of("9/13/2015", "9/13/2015") == date(2015, 9, 13)


@given(st.dates(date(1900, 1, 2), date(2078, 1, 1)))
def test_every_written_form_of_a_day_reads_back(day):
    forms = [
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    assert {day_of(form, form) for form in forms} == {day}


@given(
    st.text("0123456789", min_size=10, max_size=10), st.dates(date(1900, 1, 1), date(2030, 1, 1))
)
def test_the_check_sign_finds_every_single_wrong_digit(noise, day):
    place, order = "5001" + noise[:2], noise[2:5]
    first = f"{place}{day:%Y%m%d}{order}"
    number = first + check_sign(first)
    found = parse_id_number(number)
    assert found.born_on == day
    assert found.sex == ("M" if int(order[2]) % 2 else "F")
    at = int(noise[5:7]) % 17
    wrong = number[:at] + str((int(number[at]) + 1 + int(noise[7]) % 8) % 10) + number[at + 1 :]
    if wrong != number:
        with pytest.raises(IdNumberWrong):
            parse_id_number(wrong)


def test_the_example_of_the_standard_is_valid():
    assert parse_id_number("11010519491231002X").born_on == date(1949, 12, 31)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("13812345678", [("13812345678", "")]),
        (13812345678.0, [("13812345678", "")]),
        ("１３８１２３４５６７８", [("13812345678", "")]),
        ("+86 138 1234 5678", [("13812345678", "")]),
        ("138-1234-5678", [("13812345678", "")]),
        ("13812345678/13987654321", [("13812345678", ""), ("13987654321", "")]),
        ("13812345678 13987654321", [("13812345678", ""), ("13987654321", "")]),
        ("爷爷13812345678", [("13812345678", "爷爷")]),
        ("13812345678（奶奶）", [("13812345678", "奶奶")]),
        (
            "妈妈：13812345678，爸爸：13987654321",
            [("13812345678", "妈妈"), ("13987654321", "爸爸")],
        ),
        ("023-68123456", [("02368123456", "")]),
        (2368123456.0, [("02368123456", "")]),
        ("无", []),
        ("", []),
    ],
)
def test_telephone_numbers_are_found_with_the_words_beside_them(written, numbers):
    assert [(p.number, p.word) for p in phones_of(text_of(written))] == numbers


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1381234567", "phone_length"),
        ("138123456789", "phone_length"),
        ("1.38123E+10", "digits_gone"),
        ("问他妈妈", "phone_shape"),
        ("13812345678、13812345679、13812345670、13812345671、13812345672", "phone_many"),
    ],
)
def test_a_telephone_number_that_cannot_be_one_is_refused(written, code):
    with pytest.raises(ValueWrong) as wrong:
        phones_of(written)
    assert wrong.value.code == code


def test_a_long_number_stored_as_a_float_is_refused_since_its_digits_are_gone():
    with pytest.raises(ValueWrong) as wrong:
        text_of(5.00235199001011e17)
    assert wrong.value.code == "digits_gone"


def test_small_words_are_read():
    assert [sex_of(w) for w in ("男", "女性", "1", "2-女", "f", "未知")] == list("MFMFFU")
    assert [yes_or_no(w) for w in ("是", "Y", "√", "1-是", "否", "N", "走读", "住校", "")] == [
        True, True, True, True, False, False, False, True, None,
    ]  # fmt: skip
    assert relation_of("外婆") == "grandmother"
    assert relation_of("51-父亲") == "father"
    assert relation_of("幺爸") == "relative"
    for parse in (sex_of, yes_or_no, relation_of):
        with pytest.raises(ValueWrong):
            parse("???")


PRIMARY = SchoolFrame(("primary",), 2026)
JUNIOR = SchoolFrame(("junior",), 2026)
NINE_YEAR = SchoolFrame(("primary", "junior"), 2026)
SECONDARY = SchoolFrame(("junior", "senior"), 2026)
KINDERGARTEN = SchoolFrame(("kindergarten",), 2026)
VOCATIONAL = SchoolFrame(("vocational",), 2026)
SPECIAL = SchoolFrame(("special",), 2026)


@pytest.mark.parametrize(
    ("label", "grade", "frame", "key"),
    [
        ("三年级2班", "", PRIMARY, ("primary", 3, 2)),
        ("三（2）班", "", PRIMARY, ("primary", 3, 2)),
        ("三2班", "", PRIMARY, ("primary", 3, 2)),
        ("3.2", "", PRIMARY, ("primary", 3, 2)),
        ("3-2", "", PRIMARY, ("primary", 3, 2)),
        ("302", "", PRIMARY, ("primary", 3, 2)),
        ("2班", "三年级", PRIMARY, ("primary", 3, 2)),
        ("2", "3", PRIMARY, ("primary", 3, 2)),
        ("十一班", "六年级", PRIMARY, ("primary", 6, 11)),
        ("三年级十二班", "", PRIMARY, ("primary", 3, 12)),
        ("2024级5班", "", PRIMARY, ("primary", 3, 5)),
        ("2030届5班", "", PRIMARY, ("primary", 3, 5)),
        ("小学三年级2班", "", NINE_YEAR, ("primary", 3, 2)),
        ("七年级(10)班", "", NINE_YEAR, ("junior", 7, 10)),
        ("初一3班", "", NINE_YEAR, ("junior", 7, 3)),
        ("初2029级3班", "", SECONDARY, ("junior", 7, 3)),
        ("高2028级12班", "", SECONDARY, ("senior", 11, 12)),
        ("高一(3)班", "", SECONDARY, ("senior", 10, 3)),
        ("11.3", "", SECONDARY, ("senior", 11, 3)),
        ("一年级1班", "", JUNIOR, ("junior", 7, 1)),
        ("大一班", "", KINDERGARTEN, ("kindergarten", 0, 1)),
        ("中(二)班", "", KINDERGARTEN, ("kindergarten", -1, 2)),
        ("小班3班", "", KINDERGARTEN, ("kindergarten", -2, 3)),
        ("1班", "大班", KINDERGARTEN, ("kindergarten", 0, 1)),
        ("24级3班", "", VOCATIONAL, ("vocational", 12, 3)),
        ("高二2班", "", VOCATIONAL, ("vocational", 11, 2)),
        ("培智三年级1班", "", SPECIAL, ("special", 3, 1)),
    ],
)
def test_a_class_is_read_as_schools_write_it(label, grade, frame, key):
    assert parse_class(label, grade, frame) == ClassKey(*key)


@pytest.mark.parametrize(
    ("label", "grade", "frame", "code"),
    [
        ("一年级1班", "", SECONDARY, "ambiguous"),
        ("2025级3班", "", SECONDARY, "ambiguous"),
        ("九年级1班", "", PRIMARY, "stage"),
        ("高一1班", "", PRIMARY, "stage"),
        ("三年级", "", PRIMARY, "number"),
        ("大班", "", KINDERGARTEN, "number"),
        ("托一班", "", KINDERGARTEN, "nursery"),
        ("小鹿班", "", KINDERGARTEN, "shape"),
        ("1班", "", PRIMARY, "shape"),
        ("", "", PRIMARY, "number"),
    ],
)
def test_a_class_that_cannot_be_told_is_refused(label, grade, frame, code):
    with pytest.raises(ClassUnreadable) as wrong:
        parse_class(label, grade, frame)
    assert wrong.value.code == code


def test_a_class_with_a_name_of_its_own_is_found_by_it():
    named = SchoolFrame(("kindergarten",), 2026, {"小鹿班": ClassKey("kindergarten", 0, 1)})
    assert parse_class("小鹿班", "", named) == ClassKey("kindergarten", 0, 1)


@given(
    st.sampled_from([PRIMARY, JUNIOR, NINE_YEAR, SECONDARY, KINDERGARTEN, VOCATIONAL]),
    st.integers(-2, 12),
    st.integers(1, 30),
)
def test_the_usual_name_of_every_class_reads_back(frame, grade, number):
    spans = {"kindergarten": (-2, 0), "primary": (1, 6), "junior": (7, 9), "senior": (10, 12),
             "vocational": (10, 12)}  # fmt: skip
    for stage in frame.stages:
        first, last = spans[stage]
        if first <= grade <= last:
            key = ClassKey(stage, grade, number)
            assert parse_class(class_title(key), "", frame) == key
            assert parse_class(class_name(stage, grade, number), "", frame) == key
