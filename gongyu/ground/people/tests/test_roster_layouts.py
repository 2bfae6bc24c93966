"""Layouts that schools make by hand: merged classes, sheets of grades, staff beside pupils."""

from __future__ import annotations

from gongyu.ground.people.roster.class_names import ClassKey

from .malformed import book_of as _book
from .malformed import repacked
from .rosters import codes, pupil, read, sheet, warned

PLAIN = ("姓名", "班级")


def _names(roster) -> list[str]:
    assert codes(roster) == []
    return [entry.name for entry in roster.pupils]


def test_a_class_merged_over_its_pupils_is_the_class_of_all_of_them():
    def fill(book):
        page = book.add_worksheet("全校")
        page.write_row(0, 0, PLAIN)
        for at, name in enumerate("甲乙丙丁", start=1):
            page.write(at, 0, f"学{name}")
        page.merge_range(1, 1, 3, 1, "三年级2班")
        page.write(4, 1, "三年级3班")

    assert [e.class_key.number for e in read(_book(fill)).pupils] == [2, 2, 2, 3]


def test_a_sheet_called_after_its_grade_gives_the_grade():
    data = sheet({"姓名": "张三", "班级": 2.0}, headings=PLAIN, name="三年级")
    assert read(data).pupils[0].class_key == ClassKey("primary", 3, 2)


def test_a_staff_sheet_beside_the_pupils_is_left_for_its_own_upload():
    def fill(book):
        for name, rows in (
            ("三年级2班", [PLAIN, ("张三", "三年级2班")]),
            ("教师", [("姓名", "手机号", "岗位"), ("周老师", "13800001111", "班主任")]),
        ):
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)

    roster = read(_book(fill))
    assert (roster.kind, _names(roster)) == ("pupils", ["张三"])
    assert "sheet_of_other_kind" in warned(roster)


def test_sheets_under_another_prefix_are_looked_through_all_the_same():
    good = sheet(pupil("张三"))
    far = repacked(
        good,
        "xl/worksheets/sheet1.xml",
        lambda d: d.replace(b"</row>", b'<c r="XFD1048576"><v>1</v></c></row>', 1),
    )
    renamed = repacked(
        far,
        "xl/workbook.xml",
        lambda d: d.replace(b"r:id=", b"q:id=").replace(b"xmlns:r=", b"xmlns:q="),
    )
    for data in (far, renamed):
        assert codes(read(data)) == ["file_too_big"]
