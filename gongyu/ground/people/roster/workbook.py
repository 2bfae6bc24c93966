"""From the bytes of a file to sheets of rows, whatever kind of table it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .delimited import read_delimited
from .faults import FileRefused, refuse
from .inspection import SheetNotes, broken, inspect_xlsx, too_big
from .sandbox import Broken, sandboxed

MAX_BYTES = 30 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY_ZIP = b"PK\x05\x06"
# The name of the stream in which Office keeps a workbook behind a password (UTF-16).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(slots=True)
class Sheet:
    """One sheet: `rows` are lists of cells (str, float, bool, date …), the first is row 1."""

    name: str
    rows: list[list]
    visible: bool = True
    notes: SheetNotes = field(default_factory=SheetNotes)


@dataclass(slots=True)
class Workbook:
    kind: str  # xlsx, xls or csv
    sheets: list[Sheet]
    system_1904: bool = False


def read_workbook(data: bytes) -> Workbook:
    """The file's sheets. The content decides what it is, not its name. Raises FileRefused."""
    if len(data) > MAX_BYTES:
        raise too_big(_("文件超过 %(limit)d MB") % {"limit": MAX_BYTES // 1024 // 1024})
    if not data.strip(b"\x00 \r\n\t"):
        raise refuse("file_empty", _("文件是空的"), _("确认选对了文件"))
    if data.startswith(_ZIP):
        inspection = inspect_xlsx(data)
        book = Workbook("xlsx", _sheets(data), inspection.system_1904)
        for sheet in book.sheets:
            merged = sheet.notes.merged
            sheet.notes = inspection.sheets.get(sheet.name, sheet.notes)
            sheet.notes.merged = merged
        return book
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise _locked()
        return Workbook("xls", _sheets(data))
    if data.startswith(_EMPTY_ZIP):
        raise broken()
    _refuse_other(data)
    return Workbook("csv", [Sheet("", read_delimited(data))])


def _refuse_other(data: bytes) -> None:
    if data.startswith((b"PK", b"\xd0\xcf")):
        raise broken()
    head = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith(
        (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"mime-v")
    ):
        raise refuse(
            "file_web_page",
            _("这是网页格式的文件，只是改名成了表格"),
            _("用 Excel 或 WPS 打开，另存为“Excel 工作簿 (.xlsx)”后上传"),
        )
    for magic, what in (
        (b"%pdf", _("这是 PDF，不是表格")),
        (b"\x89png", _("这是图片，不是表格")),
        (b"\xff\xd8\xff", _("这是图片，不是表格")),
        (b"rar!", _("这是压缩包，不是表格")),
        (b"7z\xbc\xaf", _("这是压缩包，不是表格")),
        (b"{\\rtf", _("这是文字文档，不是表格")),
    ):
        if head.startswith(magic):
            raise refuse("file_kind", what, _("上传 .xlsx、.xls 或 .csv 格式的名册"))


def _locked() -> FileRefused:
    return refuse(
        "file_locked", _("文件加了密码"), _("在 Excel 或 WPS 里打开并取消密码，保存后重新上传")
    )


def _sheets(data: bytes) -> list[Sheet]:
    try:
        found = sandboxed(data)
    except Broken as error:
        raise {"locked": _locked(), "big": too_big(_("表格太大"))}.get(
            error.code, broken()
        ) from error
    return [_sheet(each) for each in found]


def _sheet(told: dict) -> Sheet:
    notes = SheetNotes(merged=tuple(map(tuple, told["merged"])))
    return Sheet(told["name"], told["rows"], told["visible"], notes)
