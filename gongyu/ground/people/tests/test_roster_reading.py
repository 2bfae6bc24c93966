"""Whole sheets as schools have them: titles, notes, totals, several classes, odd columns."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter
import xlwt

from gongyu.ground.people.roster.class_names import ClassKey

from .rosters import HEADINGS, codes, csv_text, number, pupil, read, sheet, warned

PLAIN = ("姓名", "班级")


def _book(fill) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        fill(book)
    return out.getvalue()


def _names(roster) -> list[str]:
    assert codes(roster) == []
    return [entry.name for entry in roster.pupils]


def test_a_title_over_merged_cells_a_note_and_a_total_are_no_pupils():
    def fill(book):
        page = book.add_worksheet("Sheet1")
        page.merge_range(0, 0, 0, 5, "大溪沟小学三年级2班学生名册", None)
        page.write_row(1, 0, ("填表人：周老师", "", "2026年9月"))
        page.write_row(2, 0, ("序号", "姓名", "", "性别", "家长电话"))
        page.write_row(3, 0, ("", "（必填）", "", "男/女", "11 位手机号"))
        page.write_row(4, 0, (1, "张三", "", "男", 13800001111))
        page.write_row(5, 0, (2, "李 四", "", "女", "13800002222"))
        page.write_row(6, 0, (3, "", "", "", ""))
        page.write_row(7, 0, ("合计", "", "", "2人"))
        page.write_row(9, 0, ("班主任签字：", "", "日期："))

    roster = read(_book(fill))
    assert _names(roster) == ["张三", "李四"]
    assert {entry.class_key for entry in roster.pupils} == {ClassKey("primary", 3, 2)}
    assert "total_differs" not in warned(roster)
    assert roster.pupils[0].row == 5


def test_a_total_that_differs_is_pointed_out():
    rows = [{"姓名": "张三", "班级": "三年级2班"}, {"姓名": "共 45 人", "班级": ""}]
    assert "total_differs" in warned(read(sheet(*rows, headings=PLAIN)))


def test_several_classes_stand_on_several_sheets_and_other_sheets_are_left_alone():
    def fill(book):
        for name, pupil_name in (("三年级1班", "张三"), ("三年级2班", "李四")):
            page = book.add_worksheet(name)
            page.write_row(0, 0, ("姓名", "性别"))
            page.write_row(1, 0, (pupil_name, "男"))
        book.add_worksheet("填写说明").write(0, 0, "姓名必填")
        book.add_worksheet("空表")
        hidden = book.add_worksheet("三年级9班")
        hidden.write_row(0, 0, ("姓名", "性别"))
        hidden.write_row(1, 0, ("王五", "男"))
        hidden.hide()

    roster = read(_book(fill))
    assert [(e.name, e.class_key.number) for e in roster.pupils] == [("张三", 1), ("李四", 2)]
    assert {"sheet_hidden", "sheet_without_table"} <= set(warned(roster))


def test_a_header_of_two_storeys_is_read_through_its_merged_cells():
    def fill(book):
        page = book.add_worksheet("三年级1班")
        page.write_row(0, 0, ("姓名", "性别", "父亲", "", "母亲", ""))
        page.merge_range(0, 2, 0, 3, "父亲")
        page.merge_range(0, 4, 0, 5, "母亲")
        page.write_row(1, 0, ("", "", "姓名", "电话", "姓名", "电话"))
        page.write_row(2, 0, ("张三", "男", "张大", "13800001111", "李梅", "13800002222"))

    [entry] = read(_book(fill)).pupils
    assert [(c.relation, c.name, c.phone) for c in entry.carers] == [
        ("father", "张大", "13800001111"),
        ("mother", "李梅", "13800002222"),
    ]


def test_a_header_repeated_on_every_printed_page_is_no_pupil():
    rows = [pupil("张三"), {h: h for h in HEADINGS}, pupil("李四")]
    assert _names(read(sheet(*rows))) == ["张三", "李四"]


def test_blank_columns_and_rows_between_are_passed_over():
    headings = ("", "姓名", "", "班级", "")
    rows = [{"姓名": "张三", "班级": "3.2"}, {}, {"姓名": "李四", "班级": "3.2"}]
    roster = read(sheet(*rows, headings=headings))
    assert [(e.name, e.row) for e in roster.pupils] == [("张三", 2), ("李四", 4)]


def test_the_national_registrys_headings_are_known():
    row = {
        "全国学籍号": "G500103201705200011", "姓名": "张三", "性别": "男", "出生日期": "20170520",
        "身份证件类型": "居民身份证", "身份证件号": number("2017-05-20"), "学校标识码": "5001030001",
        "学校名称": "大溪沟小学", "年级": "三年级", "班级": "2班", "入学年月": "202309",
        "入学方式": "就近入学", "就读方式": "走读", "民族": "汉族", "国籍/地区": "中国",
        "户口所在地行政区划码": "500103", "户口性质": "非农业户口", "现住址": "某路1号",
        "是否留守儿童": "N", "是否孤儿": "N", "残疾人类型": "无残疾", "成员1姓名": "张大",
        "成员1关系": "父亲", "成员1是否监护人": "是", "成员1联系电话": "13800001111",
        "成员1身份证件号": "", "成员2姓名": "吴秀英", "成员2关系": "奶奶", "成员2是否监护人": "否",
        "成员2联系电话": "13800002222", "成员2身份证件号": "",
    }  # fmt: skip
    roster = read(sheet(row, headings=tuple(row)))
    [entry] = roster.pupils
    assert roster.unknown == []
    assert entry.class_key == ClassKey("primary", 3, 2)
    assert entry.how_in == "admitted" and entry.boarding is False
    assert [(c.relation, c.is_guardian) for c in entry.carers] == [
        ("father", True),
        ("grandmother", False),
    ]
    kept_out = {h for headers in roster.not_kept.values() for h in headers}
    assert {"民族", "户口性质", "是否留守儿童", "是否孤儿", "残疾人类型", "入学年月"} <= kept_out


def test_what_is_not_kept_is_nowhere_in_what_was_read():
    roster = read(sheet(pupil("张三", 民族="苗族", 是否留守儿童="是", 家庭情况="离异")))
    assert "苗族" not in repr(roster.pupils) and "离异" not in repr(roster.pupils)


def test_schools_own_columns_bring_grandparents_and_two_numbers():
    row = pupil(
        "张三",
        父亲姓名="张大", 父亲电话="13800001111/13800001112", 母亲姓名="李梅（妈妈）", 母亲电话="无",
        紧急联系人="奶奶", 紧急联系人电话="13900003333", 实际照护人="吴秀英", 实际照护人关系="外婆",
        家长电话="爷爷13700004444",
    )  # fmt: skip
    [entry] = read(sheet(row)).pupils
    found = {
        (c.name, c.relation, c.phone, c.other_phone, c.is_daily_carer, c.named)
        for c in entry.carers
    }
    assert found == {
        ("张大", "father", "13800001111", "13800001112", False, True),
        ("李梅", "mother", "", "", False, True),
        ("奶奶", "grandmother", "13900003333", "", False, False),
        ("吴秀英", "grandmother", "", "", True, True),
        ("爷爷", "grandfather", "13700004444", "", False, False),
    }


def test_the_guardian_who_is_the_father_again_is_one_person():
    [entry] = read(
        sheet(pupil("张三", 监护人姓名="张大", 与学生关系="父亲", 监护人电话="13800001111"))
    ).pupils
    [carer] = entry.carers
    assert (carer.relation, carer.is_guardian) == ("father", True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_tables_are_read_in_every_usual_encoding(encoding, separator):
    rows = [
        {"姓名": "張𠮷", "班级": "三年级2班", "性别": "女"},
        {"姓名": "买买提·艾力", "班级": "3.2", "性别": "男"},
    ]
    data = csv_text(*rows, separator=separator).encode(encoding)
    assert _names(read(data)) == ["張𠮷", "买买提·艾力"]


def test_a_csv_that_keeps_its_zeros_by_a_formula_is_read():
    data = '姓名,班级,学号\r\n张三,3.2,"=""007"""\r\n'.encode()
    assert read(data).pupils[0].pupil_number == "007"


def test_an_xls_is_read():
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("三年级2班")
    for at, cell in enumerate(("姓名", "出生日期", "电话")):
        page.write(0, at, cell)
    page.write(1, 0, "张三")
    page.write(1, 1, date(2017, 5, 20), xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    page.write(1, 2, 13800001111)
    out = io.BytesIO()
    book.save(out)
    [entry] = read(out.getvalue()).pupils
    assert (entry.name, entry.born_on, entry.carers[0].phone) == (
        "张三",
        date(2017, 5, 20),
        "13800001111",
    )


def test_days_of_both_date_systems_come_out_the_same():
    for system in (False, True):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"date_1904": system}) as book:
            page = book.add_worksheet("三年级2班")
            page.write_row(0, 0, ("姓名", "出生日期"))
            page.write_row(1, 0, ("张三",))
            day = book.add_format({"num_format": "yyyy/m/d"})
            page.write_datetime(1, 1, date(2017, 5, 20), day)
            page.write_row(2, 0, ("李四", 42875 - (1462 if system else 0)))
        assert {entry.born_on for entry in read(out.getvalue()).pupils} == {date(2017, 5, 20)}


def test_a_day_of_the_other_system_is_named_as_such():
    row = pupil("张三", 身份证号=number("2017-05-20"), 出生日期="42875")
    shifted = {**row, "出生日期": str(42875 - 1462)}
    assert codes(read(sheet(row))) == []
    assert codes(read(sheet(shifted))) == ["id_birth_1904"]


def test_hidden_rows_are_read_and_pointed_out():
    book = openpyxl.Workbook()
    page = book.active
    page.title = "三年级2班"
    page.append(["姓名", "性别"])
    page.append(["张三", "男"])
    page.append(["李四", "女"])
    page.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    roster = read(out.getvalue())
    assert _names(roster) == ["张三", "李四"]
    assert "hidden_rows" in warned(roster)


def test_numbers_stored_as_floats_are_refused_with_row_column_reason_and_cure():
    def fill(book):
        page = book.add_worksheet("三年级2班")
        page.write_row(0, 0, ("姓名", "身份证号", "学籍号"))
        page.write_row(1, 0, ("张三", 500103201705200011.0, "5.00103E+17"))

    roster = read(_book(fill))
    assert codes(roster) == ["digits_gone", "digits_gone"]
    first, second = roster.refused
    assert (first.row, first.column, first.header, second.column) == (2, "B", "身份证号", "C")
    assert "丢失" in first.reason and "文本" in first.cure
    assert roster.pupils == []


def test_formula_errors_are_refused_in_their_cell():
    def fill(book):
        page = book.add_worksheet("三年级2班")
        page.write_row(0, 0, ("姓名", "身份证号"))
        page.write_string(1, 0, "张三")
        page.write_formula(1, 1, "=VLOOKUP(A2,X1:Y9,2)", None, "#N/A")

    [fault] = read(_book(fill)).refused
    assert (fault.code, fault.row, fault.column) == ("formula_error", 2, "B")


def test_the_row_of_every_fault_is_the_row_of_the_sheet():
    rows = [
        pupil("张三"),
        pupil("李四", 身份证号="123"),
        {},
        pupil("王五", 性别="公"),
        pupil("", 性别="男"),
    ]
    roster = read(sheet(*rows))
    assert [(f.code, f.row) for f in roster.refused] == [
        ("id_length", 3),
        ("sex", 5),
        ("name_missing", 6),
    ]


def test_sensitive_values_are_masked_in_faults():
    wrong = "500103201705200019"
    roster = read(
        sheet(
            pupil("张三", 身份证号=wrong, 父亲电话="138000011"),
            pupil("李四", 出生日期="2015-13-01"),
        )
    )
    text = " ".join(str(fault) for fault in roster.faults)
    assert wrong not in text and "138000011" not in text and "2015-13-01" not in text
    assert "500*************19" in text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"身份证号": "500103201705200011"}, "id_check_sign"),
        ({"身份证号": "500103201713200011"}, "id_birth"),
        ({"身份证号": "500103170520001"}, "id_old"),
        ({"身份证号": "50010320170520001"}, "id_length"),
        ({"出生日期": "2017-05-21", "身份证号": number("2017-05-20")}, "id_birth_differs"),
        ({"出生日期": "2017-06", "身份证号": number("2017-05-20")}, "id_birth_differs"),
        ({"出生日期": "2017-02-30", "身份证号": ""}, "date_no_such_day"),
        ({"出生日期": "2027-02-03", "身份证号": ""}, "born_later"),
        ({"出生日期": "1977-02-03", "身份证号": ""}, "born_too_early"),
        ({"证件类型": "饭卡"}, "id_kind"),
        ({"证件类型": "护照", "身份证号": "E1"}, "id_other_shape"),
        ({"学籍号": "甲乙丙"}, "registry_shape"),
        ({"班级": "九年级2班"}, "class_stage"),
        ({"班级": "三年级"}, "class_number"),
        ({"班级": "学前班"}, "class_shape"),
        ({"班级": ""}, "class_missing"),
        ({"学校标识码": "5001030002"}, "school_code_differs"),
        ({"就读方式": "偶尔"}, "boarding"),
        ({"父亲身份证号": "5.00103E+17"}, "digits_gone"),
    ],
)
def test_each_wrong_value_is_refused_by_its_own_code(change, code):
    assert codes(read(sheet(pupil("张三", **change)))) == [code]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"身份证号": number("2017-05-20", "F")}, "id_sex_differs"),
        ({"身份证号": "", "出生日期": "2017-05"}, "date_only_month"),
        ({"身份证号": "E12345678"}, "id_kind_guessed"),
        ({"身份证号": "", "出生日期": "2008-05-20"}, "age_odd"),
        ({"学籍号": "G500103201705200011"}, "registry_differs"),
        ({"父亲身份证号": "123"}, "carer_id"),
        ({"父亲电话": "2368123456"}, "phone_mended"),
        ({"学校名称": "大溪沟小学校"}, "school_name_differs"),
        ({"校区": "河对岸"}, "campus_unknown"),
        ({"班级": "2024级2班"}, "cohort_read"),
        ({"学校标识码": "5001030001"}, None),
    ],
)
def test_what_is_only_odd_is_pointed_out_and_let_in(change, code):
    roster = read(sheet(pupil("张三", **change)))
    assert codes(roster) == []
    assert warned(roster) == ([code] if code else [])


def test_birthday_and_sex_are_taken_from_a_valid_number():
    [entry] = read(sheet(pupil("张三", 性别="", 身份证号=number("2017-05-20", "F").lower()))).pupils
    assert (entry.sex, entry.born_on) == ("F", date(2017, 5, 20))


def test_a_number_used_twice_names_both_rows():
    same = number()
    [fault] = read(sheet(pupil("张三", 身份证号=same), pupil("李四", 身份证号=same))).refused
    assert (fault.code, fault.row) == ("twice_id", 3) and "第 2 行" in fault.reason


def test_namesakes_and_twins_in_one_class_are_fine_when_something_tells_them_apart():
    twins = [pupil("王一", 身份证号=number()), pupil("王二", 身份证号=number())]
    namesakes = [pupil("张伟", 身份证号=number()), pupil("张伟", 身份证号=number())]
    assert len(_names(read(sheet(*twins, *namesakes)))) == 4
    bare = [{"姓名": "张伟", "班级": "3.2"}, {"姓名": "张 伟", "班级": "三年级2班"}]
    assert codes(read(sheet(*bare, headings=PLAIN))) == ["twice_name"]


def test_a_class_stored_as_a_number_is_refused_only_where_it_is_doubtful():
    def fill(numbers):
        def write(book):
            page = book.add_worksheet("x")
            page.write_row(0, 0, PLAIN)
            for at, value in enumerate(numbers, start=1):
                page.write_row(at, 0, (f"学{'甲乙丙丁'[at]}", value))

        return _book(write)

    assert codes(read(fill([3.1, 3.2]))) == []
    assert codes(read(fill([3.1, 3.9]))) == ["class_float"]


def test_a_column_twice_is_refused_when_the_two_differ():
    headings = ("姓名", "班级", "学生姓名")
    same = [{"姓名": "张三", "班级": "3.2", "学生姓名": "张三"}]
    assert codes(read(sheet(*same, headings=headings))) == []
    differ = [{**same[0], "学生姓名": "李四"}]
    assert codes(read(sheet(*differ, headings=headings))) == ["column_twice"]


def test_other_documents_need_no_check_sign():
    [entry] = read(sheet(pupil("Mary Smith", 证件类型="护照", 身份证号="E12345678"))).pupils
    assert (entry.id_kind, entry.id_number, entry.name) == ("护照", "E12345678", "Mary Smith")
