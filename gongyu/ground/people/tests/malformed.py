"""More than two hundred rosters that are wrong, each in one way, with the answer it must get."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import xlsxwriter
import xlwt

from gongyu.ground.people.roster.specimens import xlsx

from .rosters import csv_text, number, pupil, sheet

MAPPING = "mapping"  # asked about rather than refused


@dataclass(frozen=True)
class Case:
    """A file, the code of the fault that it must get, and its row (0: the file itself)."""

    name: str
    data: bytes
    code: str
    row: int = 0


def cases() -> list[Case]:
    return [*_broken_files(), *_other_kinds(), *_texts(), *_empty_tables(), *_oversized(), *_structures(), *_persons(), *_staff(),
            *_wrong_cells()]  # fmt: skip


def _xlsx(fill: Callable) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as book:
        fill(book)
    return out.getvalue()


def _xls(rows: list[list]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("三年级2班")
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            page.write(at, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _repacked(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return _zip({**parts, part: change(parts[part])})


def _broken_files() -> Iterator[Case]:
    good = sheet(pupil("张三"), pupil("李四"))
    for percent in range(5, 100, 5):
        yield Case(f"xlsx cut at {percent} %", good[: len(good) * percent // 100], "file_broken")
    old = _xls([["姓名", "班级"], ["张三", "3.2"]])
    for percent in range(10, 60, 10):
        yield Case(f"xls cut at {percent} %", old[: len(old) * percent // 100], "file_broken")
    yield Case(
        "xlsx without a workbook part",
        _repacked(good, "xl/workbook.xml", lambda d: b""),
        "file_broken",
    )
    worksheet = "xl/worksheets/sheet1.xml"
    yield Case(
        "sheet part is not XML", _repacked(good, worksheet, lambda d: b"\x00\x01<<"), "file_broken"
    )
    yield Case(
        "sheet part is cut", _repacked(good, worksheet, lambda d: d[: len(d) // 2]), "file_broken"
    )
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet/>'
    )
    yield Case("entities that multiply", _repacked(good, worksheet, lambda d: bomb), "file_broken")
    yield Case("only the first two bytes of a zip", b"PK", "file_broken")
    yield Case("an empty zip", _zip({}), "file_broken")
    locked = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(600)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(900)
    )
    yield Case("behind a password", locked, "file_locked")


def _other_kinds() -> Iterator[Case]:
    for name, start in {
        "html": "<html><table><tr><td>姓名</td></tr></table></html>",
        "html with doctype": "<!DOCTYPE html><table></table>",
        "table alone": "<table><tr><td>姓名</td></tr></table>",
        "xml of 2003": '<?xml version="1.0"?><Workbook xmlns="urn:x"></Workbook>',
        "web archive": "MIME-Version: 1.0\r\nContent-Type: multipart/related",
        "html after blank lines": "\r\n \r\n<HTML><BODY></BODY></HTML>",
        "meta first": '<meta http-equiv="Content-Type" content="text/html">',
    }.items():
        yield Case(f"web page saved as xls: {name}", start.encode(), "file_web_page")
        yield Case(f"web page in GB18030: {name}", start.encode("gb18030"), "file_web_page")
    for name, data in {
        "pdf": b"%PDF-1.7\n1 0 obj",
        "png": b"\x89PNG\r\n\x1a\n" + bytes(64),
        "jpeg": b"\xff\xd8\xff\xe0" + bytes(64),
        "rar": b"Rar!\x1a\x07\x00" + bytes(64),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(64),
        "rtf": b"{\\rtf1\\ansi hello}",
        "docx": _zip({"word/document.xml": b"<x/>"}),
        "pptx": _zip({"ppt/presentation.xml": b"<x/>"}),
        "xlsb": _zip({"xl/workbook.bin": b"\x00"}),
        "ods": _zip({"content.xml": b"<x/>"}),
        "zip of a csv": _zip({"roster.csv": b"a,b"}),
    }.items():
        yield Case(f"not a table: {name}", data, "file_kind")


def _texts() -> Iterator[Case]:
    good = csv_text({"姓名": "张三", "班级": "三年级2班"})
    for at in (1, 10, len(good) // 2):
        yield Case(
            f"csv with a NUL at {at}", (good[:at] + "\x00" + good[at:]).encode(), "file_binary"
        )
    yield Case("csv with an open quote", (good + '"李四,三年级2班').encode(), "file_quotes")
    yield Case(
        "csv with a quote gone astray", '姓名,班级\r\n"张"三,3.2\r\n'.encode(), "file_quotes"
    )
    yield Case(
        "neither UTF-8 nor GB18030",
        "姓名,班级\r\n".encode() + b"\xff\xff\x80\x80\xff\n",
        "file_encoding",
    )
    yield Case("UTF-16 cut in a sign", good.encode("utf-16")[:-1], "file_encoding")
    yield Case(
        "UTF-8 mark and GB18030 text", b"\xef\xbb\xbf" + good.encode("gb18030"), "file_encoding"
    )
    yield Case("noise", random.Random(3).randbytes(4000), "file_encoding")
    yield Case("Big5", csv_text({"姓名": "張三丰", "班級": "三年級二班"}).encode("big5"), MAPPING)


def _empty_tables() -> Iterator[Case]:
    for name, data in {
        "no byte": b"",
        "spaces": b"   \r\n\t ",
        "zero bytes": bytes(4096),
    }.items():
        yield Case(f"nothing: {name}", data, "file_empty")
    header = ["姓名", "班级", "身份证号"]
    yield Case("only a header", xlsx([], headings=tuple(header)), "no_rows")
    yield Case("only a header, xls", _xls([header]), "no_rows")
    yield Case("only a header, csv", ",".join(header).encode(), "no_rows")
    yield Case("the header twice and nobody", xlsx([header], headings=tuple(header)), "no_rows")
    yield Case(
        "a header and a total", xlsx([["合计", "", "0人"]], headings=tuple(header)), "no_rows"
    )
    yield Case(
        "a header and a note",
        xlsx([["（必填）", "如：三年级2班", ""]], headings=tuple(header)),
        "no_rows",
    )
    yield Case(
        "a header and numbered blank rows",
        xlsx([[i, ""] for i in range(1, 60)], headings=("序号", "姓名")),
        "no_rows",
    )
    yield Case("sheets without a cell", _xlsx(lambda book: book.add_worksheet("名册")), "no_rows")
    yield Case(
        "blank rows in the thousands", ("姓名,班级\r\n" + ",\r\n" * 300_000).encode(), "no_rows"
    )

    def blanks(book):
        page, look = book.add_worksheet("名册"), book.add_format({"bold": True})
        for row in range(60_000):
            page.write_blank(row, 3, None, look)

    yield Case("blank formatted cells", _xlsx(blanks), "no_rows")


def _oversized() -> Iterator[Case]:
    def far(row: int, column: int):
        def fill(book):
            page = book.add_worksheet("名册")
            page.write_row(0, 0, ("姓名", "班级"))
            page.write(row, column, "x")

        return _xlsx(fill)

    yield Case("a cell in the last corner", far(1_048_575, 16_383), "file_too_big")
    yield Case("a cell in the last row", far(1_048_575, 1), "file_too_big")
    yield Case("a cell in the last column", far(1, 16_383), "file_too_big")
    yield Case("a cell in row 60,001", far(60_000, 0), "file_too_big")
    yield Case(
        "a csv of 70,000 rows", ("姓名,班级\r\n" + "张三,3.2\r\n" * 70_000).encode(), "file_too_big"
    )
    yield Case(
        "a csv of 400 columns", ("姓名,班级\r\n" + ",".join(["x"] * 400)).encode(), "file_too_big"
    )
    yield Case(
        "a csv cell of a megabyte",
        ("姓名,班级\r\n" + "张" * 1_000_000 + ",3.2").encode(),
        "file_too_big",
    )
    rows = ["姓名,身份证号,班级"] + [f"学生,{number()},3.2" for _ in range(3)]
    yield Case("more than 30 MB", ("\r\n".join(rows) + "x" * 32_000_000).encode(), "file_too_big")


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

    return _xlsx(fill)
