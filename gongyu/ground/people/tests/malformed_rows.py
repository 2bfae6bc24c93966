"""Sound files with something wrong in a header or a row, with the answer each must get."""

from __future__ import annotations

from collections.abc import Iterator

from gongyu.ground.people.roster.specimens import xlsx

from .malformed import MAPPING, Case, book_of
from .rosters import csv_text, number, pupil, sheet


def cases() -> list[Case]:
    return [*_structures(), *_persons(), *_staff(), *_wrong_cells()]


def _structures() -> Iterator[Case]:
    yield Case("no header", xlsx([["张三", "三年级2班"]], headings=("李四", "三年级2班")), MAPPING)
    yield Case(
        "a header in other words", xlsx([["张三", "三2"]], headings=("娃儿", "哪个班")), MAPPING
    )
    yield Case("a header in English", xlsx([["Zhang", "3.2"]], headings=("name", "class")), MAPPING)
    yield Case("a single cell", xlsx([], headings=("名册",)), MAPPING)
    yield Case("prose", "各位老师，请于周五前上报名册，谢谢大家".encode(), MAPPING)
    differ = sheet(pupil("张三", 学生姓名="李四"))
    yield Case("two columns of names", differ, "column_twice", 1)
    yield Case(
        "two columns of classes", sheet(pupil("张三", 班级名称="三年级3班")), "column_twice", 1
    )
    yield Case("two columns of numbers", sheet(pupil("张三", 证件号码=number())), "column_twice", 1)
    bare = [{"姓名": "张三", "性别": "男"}]
    yield Case("no class anywhere", sheet(*bare, headings=("姓名", "性别")), "class_missing", 2)


def _persons() -> Iterator[Case]:
    same = number()
    yield Case(
        "one ID number twice",
        sheet(pupil("张三", 身份证号=same), pupil("李四", 身份证号=same)),
        "twice_id",
        3,
    )
    registry = "G500103201705200011"
    two = [pupil("张三", 学籍号=registry), pupil("李四", 学籍号=registry)]
    yield Case("one registry number twice", sheet(*two), "twice_registry", 3)
    rows = [{"姓名": "张三", "班级": "3.2"}, {"姓名": "张三", "班级": "三年级2班"}]
    yield Case(
        "one child twice, nothing to tell apart",
        sheet(*rows, headings=("姓名", "班级")),
        "twice_name",
        3,
    )
    floats = [["张三", 3.1], ["李四", 3.9]]
    yield Case(
        "class 3.10 stored as 3.1", xlsx(floats, headings=("姓名", "班级")), "class_float", 2
    )


def _staff() -> Iterator[Case]:
    staff = {"姓名": "周老师", "手机号": "13800001111", "岗位": "班主任", "担任班主任班级": ""}
    yield Case(
        "a class teacher without a class",
        sheet(staff, headings=tuple(staff)),
        "staff_class_missing",
        2,
    )
    nobody = {**staff, "手机号": "", "担任班主任班级": "三年级2班"}
    yield Case("staff without any number", sheet(nobody, headings=tuple(staff)), "staff_contact", 2)
    late = {
        **staff,
        "担任班主任班级": "三年级2班",
        "任职日期": "2026-09-01",
        "离任日期": "2026-08-01",
    }
    yield Case(
        "staff who end before they begin",
        sheet(late, headings=tuple(late)),
        "staff_until_before",
        2,
    )


# (what is changed in a sound row, the code)
WRONG_CELLS: list[tuple[dict, str]] = [
    ({"姓名": ""}, "name_missing"),
    ({"姓名": "张?"}, "name_lost_sign"),
    ({"姓名": "张\ue000"}, "name_private_sign"),
    ({"姓名": "张三1"}, "name_shape"),
    ({"姓名": "张三（大）"}, "name_bracket"),
    ({"姓名": "=cmd|' /C calc'!A0"}, "name_formula"),
    ({"姓名": "+张三"}, "name_formula"),
    ({"姓名": "@SUM(1)"}, "name_formula"),
    ({"姓名": "张" * 60}, "name_long"),
    ({"姓名": "<script>alert(1)</script>"}, "name_bracket"),
    ({"性别": "公"}, "sex"),
    ({"性别": "3"}, "sex"),
    ({"身份证号": "500103201705200011"}, "id_check_sign"),
    ({"身份证号": "500103201702300018"}, "id_birth"),
    ({"身份证号": "50010320170520001"}, "id_length"),
    ({"身份证号": "500103170520001"}, "id_old"),
    ({"身份证号": "5.00103E+17"}, "digits_gone"),
    ({"身份证号": "5.00103201705E+17"}, "digits_gone"),
    ({"身份证号": "身份证在家"}, "id_shape"),
    ({"身份证号": "#N/A"}, "formula_error"),
    ({"身份证号": "#REF!"}, "formula_error"),
    ({"出生日期": "2015-02-30", "身份证号": ""}, "date_no_such_day"),
    ({"出生日期": "20151301", "身份证号": ""}, "date_no_such_day"),
    ({"出生日期": "15.9.1", "身份证号": ""}, "date_short_year"),
    ({"出生日期": "5/6/2015", "身份证号": ""}, "date_order"),
    ({"出生日期": "去年", "身份证号": ""}, "date_shape"),
    ({"出生日期": "2030-01-01", "身份证号": ""}, "born_later"),
    ({"出生日期": "1949-10-01", "身份证号": ""}, "born_too_early"),
    ({"出生日期": "2016-01-01"}, "id_birth_differs"),
    ({"证件类型": "饭卡"}, "id_kind"),
    ({"证件类型": "护照", "身份证号": "!"}, "id_other_shape"),
    ({"学籍号": "没有学籍"}, "registry_shape"),
    ({"学籍号": "5.00103E+17"}, "digits_gone"),
    ({"班级": "九年级1班"}, "class_stage"),
    ({"班级": "高三1班"}, "class_stage"),
    ({"班级": "三年级"}, "class_number"),
    ({"班级": "实验班"}, "class_shape"),
    ({"班级": "托儿班"}, "class_nursery"),
    ({"班级": "2010级1班"}, "class_stage"),
    ({"班级": ""}, "class_missing"),
    ({"学校标识码": "5001039999"}, "school_code_differs"),
    ({"就读方式": "看情况"}, "boarding"),
    ({"父亲电话": "1380000111"}, "phone_length"),
    ({"父亲电话": "138000011112"}, "phone_length"),
    ({"父亲电话": "问班主任"}, "phone_shape"),
    ({"父亲电话": "1.38E+10"}, "digits_gone"),
    ({"父亲姓名": "张?"}, "name_lost_sign"),
    ({"父亲身份证号": "5.00103E+17"}, "digits_gone"),
    ({"成员1姓名": "王五", "成员1关系": "看门的"}, "relation"),
    ({"成员1姓名": "王五", "成员1是否监护人": "大概"}, "yes_no"),
    ({"学号": "9" * 31}, "pupil_number_long"),
    ({"现住址": "某路" * 150}, "address_long"),
]


def _wrong_cells() -> Iterator[Case]:
    for at, (change, code) in enumerate(WRONG_CELLS):
        what = f"{next(iter(change))} {at}: {code}"
        wrong = pupil("王小明", **change)
        yield Case(f"{what}, alone", sheet(wrong), code, 2)
        good = [pupil(f"好学生{sign}", 身份证号=number()) for sign in "甲乙丙丁"]
        rows = [*good, {**dict.fromkeys(good[0], ""), **wrong}]
        quoted = [{k: f'"{v}"' for k, v in _same_keys(row, wrong).items()} for row in rows]
        yield Case(f"{what}, fifth of a csv", csv_text(*quoted).encode("gb18030"), code, 6)
        yield Case(f"{what}, below a title", _below_a_title(good, wrong), code, 9)


def _same_keys(row: dict, wrong: dict) -> dict:
    return {**dict.fromkeys(wrong, ""), **row}


def _below_a_title(good: list[dict], wrong: dict) -> bytes:
    headings = list(wrong)

    def fill(book):
        first = book.add_worksheet("说明")
        first.write(0, 0, "请按要求填写")
        page = book.add_worksheet("全校")
        page.merge_range(0, 0, 0, 5, "大溪沟小学学生名册")
        page.write_row(2, 0, headings)
        page.write_row(3, 0, ["（必填）"])
        for at, row in enumerate([*good, wrong], start=4):
            page.write_row(at, 0, [row.get(heading, "") for heading in headings])

    return book_of(fill)
