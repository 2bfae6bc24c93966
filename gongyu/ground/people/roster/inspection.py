"""Looks into an .xlsx before it is opened: bombs, passwords, hidden rows, formula errors, 1904."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from . import shared_strings
from .faults import FileRefused, refuse
from .shared_strings import SharedStrings

MAX_UNPACKED = 120 * 1024 * 1024  # bytes of all parts together
MAX_SHEETS = 80
MAX_COLUMNS = 300
MAX_ROWS = 60_000  # of a sheet, with notes and blanks
MAX_CELLS = 6_000_000  # of all sheets' rectangles, which the reader fills whole

_CELL_WITH_CONTENT = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*?(?<!/)>')
# Without such a cell the rectangle is at most 26 columns of MAX_ROWS, or 702 of 999.
_FAR_CELL = re.compile(rb'\br="(?:[A-Z]{3}\d|[A-Z]{2}\d{4}|[A-Z](?:[6-9]\d{4}|\d{6}))')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d+)"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")


MAX_WRITTEN = 4_000_000  # cells that a sheet writes down, blank ones too


@dataclass(slots=True)
class SheetNotes:
    """What only the file itself tells of a sheet; rows count from 1, columns from 0."""

    hidden_rows: frozenset[int] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()
    # Cells merged over several rows: (first row, last row, first column, last column), from 0.
    merged: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(slots=True)
class Inspection:
    system_1904: bool = False
    sheets: dict[str, SheetNotes] = field(default_factory=dict)


def inspect_xlsx(data: bytes) -> Inspection:
    """What the file says of itself. Raises FileRefused for a file that must not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inspect(archive)
    except FileRefused:
        raise
    except (
        zipfile.BadZipFile,
        OSError,
        ValueError,
        KeyError,
        RuntimeError,
        EOFError,
        NotImplementedError,
        zlib.error,
    ) as error:
        raise broken() from error


def broken() -> FileRefused:
    return refuse(
        "file_broken",
        _("文件不完整或已损坏，打不开"),
        _("用 Excel 或 WPS 打开原表，另存为 .xlsx 后重新上传"),
    )


def too_big(what: str) -> FileRefused:
    return refuse("file_too_big", what, _("只留名册本身的行和列，分成几个文件上传"))


def _inspect(archive: zipfile.ZipFile) -> Inspection:
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > 2000:
        raise too_big(_("文件解开后太大，不像名册"))
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise _other_kind(names)
    book = _part(archive, "xl/workbook.xml").decode("utf-8", "replace")
    relations = _part(archive, "xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    found = Inspection(system_1904=bool(re.search(r'date1904="(1|true)"', book)))
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(relations)
    }
    sheets = _SHEET.findall(book)
    if len(sheets) > MAX_SHEETS:
        raise too_big(_("工作表超过 %(limit)d 张") % {"limit": MAX_SHEETS})
    names_of = {
        _path(targets.get(_attribute(tag, r"\w+:id"), "")): _unescape(_attribute(tag, "name"))
        for tag in sheets
    }
    strings = SharedStrings()
    for part in parts:
        if part.filename.lower() == shared_strings.PART:
            strings = SharedStrings(_part(archive, part.filename))
    # Every part that may be a sheet is looked through, whatever the workbook calls it.
    for part in parts:
        if part.filename.endswith((".xml", ".XML")) and not part.filename.startswith("xl/theme/"):
            xml = _part(archive, part.filename)
            name = names_of.get(part.filename, "")
            if name or b"sheetData" in xml:
                found.sheets[name] = _sheet_notes(xml, name)
                strings.count(xml)
    return found


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part. The size in the directory may lie, so no more than the limit is unpacked."""
    with archive.open(name) as part:
        data = part.read(MAX_UNPACKED + 1)
    if len(data) > MAX_UNPACKED:
        raise too_big(_("文件解开后太大，不像名册"))
    return data


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf'[\s<]{name}="([^"]*)"', tag)
    return match[1] if match else ""


def _unescape(text: str) -> str:
    for sign, entity in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;")):
        text = text.replace(entity, sign)
    return text.replace("&amp;", "&")


def _sheet_notes(xml: bytes, name: str) -> SheetNotes:
    if b"<!DOCTYPE" in xml[:2000] or b"<!ENTITY" in xml[:2000]:
        raise broken()
    if _FAR_CELL.search(xml):
        _check_extent(xml, name)
    # Cells need not say where they stand; then only their number is known.
    if xml.count(b"<c ") + xml.count(b"<c>") + xml.count(b":c ") + xml.count(b":c>") > MAX_WRITTEN:
        raise too_big(_("工作表“%(name)s”的单元格太多") % {"name": name})
    hidden: frozenset[int] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()
    if b"hidden=" in xml:
        hidden = frozenset(int(row) for row in _HIDDEN_ROW.findall(xml))
    if b't="e"' in xml:
        errors = frozenset((int(row), _index(letters)) for letters, row in _ERROR_CELL.findall(xml))
    return SheetNotes(hidden, errors)


def _check_extent(xml: bytes, name: str) -> None:
    """The reader fills the whole rectangle up to the farthest cell that has content."""
    rows = columns = 0
    for match in _CELL_WITH_CONTENT.finditer(xml):
        rows = max(rows, int(match[2]))
        columns = max(columns, _index(match[1]) + 1)
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise too_big(
            _("工作表“%(name)s”有 %(rows)d 行、%(columns)d 列，超过上限")
            % {"name": name, "rows": rows, "columns": columns}
        )


def _index(letters: bytes) -> int:
    value = 0
    for sign in letters:
        value = value * 26 + sign - 64
    return value - 1


def _other_kind(names: set[str]) -> FileRefused:
    known = {
        "word/document.xml": _("这是 Word 文档，不是表格"),
        "ppt/presentation.xml": _("这是演示文稿，不是表格"),
        "xl/workbook.bin": _("这是 .xlsb 表格，不能直接读取"),
        "content.xml": _("这是 .ods 表格，不能直接读取"),
    }
    for name, what in known.items():
        if name in names:
            return refuse("file_kind", what, _("在 Excel 或 WPS 里打开名册，另存为 .xlsx"))
    return refuse(
        "file_kind", _("这是压缩包，不是表格"), _("解压后上传里面的 .xlsx、.xls 或 .csv 文件")
    )
