"""Files that are no rosters, each in one way, with the answer it must get."""

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
    """The files; the wrong rows within sound files are in malformed_rows."""
    return [
        *_broken_files(),
        *_other_kinds(),
        *_texts(),
        *_empty_tables(),
        *_oversized(),
        *_bombs(),
    ]


def book_of(fill: Callable) -> bytes:
    """An .xlsx that `fill` writes."""
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


def repacked(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The .xlsx with one part changed."""
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
        repacked(good, "xl/workbook.xml", lambda d: b""),
        "file_broken",
    )
    worksheet = "xl/worksheets/sheet1.xml"
    yield Case(
        "sheet part is not XML", repacked(good, worksheet, lambda d: b"\x00\x01<<"), "file_broken"
    )
    yield Case(
        "sheet part is cut", repacked(good, worksheet, lambda d: d[: len(d) // 2]), "file_broken"
    )
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet/>'
    )
    yield Case("entities that multiply", repacked(good, worksheet, lambda d: bomb), "file_broken")
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
            f"csv with a NUL at {at}",
            (good[:at] + "\x00" + good[at:]).encode(),
            "file_binary",
            2 if "\n" in good[:at] else 0,
        )
    yield Case("csv with an open quote", (good + '"李四,三年级2班').encode(), "file_quotes", 3)
    yield Case(
        "csv with a quote gone astray", '姓名,班级\r\n"张"三,3.2\r\n'.encode(), "file_quotes", 2
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
    yield Case("sheets without a cell", book_of(lambda book: book.add_worksheet("名册")), "no_rows")
    yield Case(
        "blank rows in the thousands", ("姓名,班级\r\n" + ",\r\n" * 300_000).encode(), "no_rows"
    )

    def blanks(book):
        page, look = book.add_worksheet("名册"), book.add_format({"bold": True})
        for row in range(60_000):
            page.write_blank(row, 3, None, look)

    yield Case("blank formatted cells", book_of(blanks), "no_rows")


def with_strings(strings: bytes, cells: bytes = b"") -> bytes:
    """An .xlsx of which all strings, and the one row of cells, are given."""
    head = b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    good = repacked(
        sheet(pupil("张三")), "xl/sharedStrings.xml", lambda d: head + strings + b"</sst>"
    )
    row = b'<row r="1">' + cells + b"</row></sheetData>"
    part = "xl/worksheets/sheet1.xml"
    return repacked(good, part, lambda d: d.replace(b"</sheetData>", row)) if cells else good


def _bombs() -> Iterator[Case]:
    """Small files that unpack to a lot; each must be refused before it is opened."""
    string, named = b"<si><t>x</t></si>", b'<c t="s"><v>0</v></c>'
    yield Case("four million strings", with_strings(string * 4_000_000), "file_too_big")
    yield Case("four million empty strings", with_strings(b"<si/>" * 4_000_000), "file_too_big")
    long = b"<si><t>" + b"x" * 200_000 + b"</t></si>"
    yield Case("a string longer than any cell", with_strings(long), "file_too_big")
    long = b"<si><t>" + b"x" * 100_000 + b"</t></si>"
    yield Case(
        "one long string in 20,000 cells", with_strings(long, named * 20_000), "file_too_big"
    )
    many = named.replace(b'"s"', b"'s'") * 20_000
    yield Case("the same in other quotes", with_strings(long, many), "file_too_big")
    good = sheet(pupil("张三"))
    part = "xl/worksheets/sheet1.xml"
    spaces = repacked(good, part, lambda d: d + b" " * 130 * 1024 * 1024)
    yield Case("a sheet of 130 MB", spaces, "file_too_big")

    def wide(book):
        for index in range(5):
            page = book.add_worksheet(f"表{index}")
            page.write(0, 0, "姓名")
            page.write(29_000, 49, "x")

    yield Case("sheets too large together", book_of(wide), "file_too_big")
    yield Case("a csv of three million blank lines", b"\n" * 3_000_000 + b"a,b\n", "file_too_big")


def _oversized() -> Iterator[Case]:
    def far(row: int, column: int):
        def fill(book):
            page = book.add_worksheet("名册")
            page.write_row(0, 0, ("姓名", "班级"))
            page.write(row, column, "x")

        return book_of(fill)

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
