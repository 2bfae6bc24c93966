"""Text tables: which encoding, which separator, and then the rows."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext as _

from .faults import refuse
from .inspection import MAX_COLUMNS, MAX_ROWS, too_big

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = (",", "\t", ";", "，", "；", "|")
_LONGEST_CELL = 2000
_MOST_LINES = 1_048_576


def read_delimited(data: bytes) -> list[list[str]]:
    """The rows of a .csv or .txt. Raises FileRefused."""
    text = _decoded(data)
    if "\x00" in text:
        place = text.count("\n", 0, text.index("\x00")) + 1
        raise refuse(
            "file_binary",
            _("不是文本表格：里面有二进制内容"),
            _("用 Excel 或 WPS 打开原表，另存为 .xlsx 后上传"),
            row=place if place > 1 else 0,
        )
    return _rows(text, _separator(text))


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _unknown_encoding() from error
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unknown_encoding()


def _unknown_encoding():
    return refuse(
        "file_encoding",
        _("文字编码不是 UTF-8，也不是 GB18030"),
        _("用 Excel 或 WPS 打开，另存为 .xlsx 后上传"),
    )


def _separator(text: str) -> str:
    """The separator that cuts the first lines into the most cells, equally often."""
    lines = [line for line in text[:20000].splitlines()[:30] if line.strip()]

    def weight(sign: str) -> tuple[int, int]:
        counts = sorted(line.count(sign) for line in lines)
        return (counts[len(counts) // 2], counts[-1]) if counts else (0, 0)

    return max(_SEPARATORS, key=weight)


def _rows(text: str, separator: str) -> list[list[str]]:
    # A spreadsheet writes its blank rows out as well, but never more than it has.
    if text.count("\n") + text.count("\r") > 2 * _MOST_LINES:
        raise too_big(_("超过 %(limit)d 行") % {"limit": MAX_ROWS})
    csv.field_size_limit(_LONGEST_CELL * 100)
    rows: list[list[str]] = []
    filled = 0
    found = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while (row := _next(found, len(rows) + 1)) is not None:
        if len(row) > MAX_COLUMNS and any(cell.strip() for cell in row[MAX_COLUMNS:]):
            raise too_big(
                _("第 %(row)d 行超过 %(limit)d 列") % {"row": len(rows) + 1, "limit": MAX_COLUMNS}
            )
        # Rows of separators alone are what a sheet's formatted blanks leave behind.
        cells = [_cell(cell) for cell in row[:MAX_COLUMNS]] if any(map(str.strip, row)) else []
        rows.append(cells)
        filled += bool(cells)
        if filled > MAX_ROWS:
            raise too_big(_("超过 %(limit)d 行") % {"limit": MAX_ROWS})
    return rows


def _next(found: Iterator[list[str]], number: int) -> list[str] | None:
    """The next row, None after the last. Where cells cannot be told apart, the row that begins
    there is named: an open quotation mark swallows all that follows."""
    try:
        return next(found, None)
    except csv.Error as error:
        if "field limit" in str(error):
            raise too_big(_("第 %(row)d 行有一个单元格的文字太长") % {"row": number}) from error
        raise refuse(
            "file_quotes",
            _("从这一行起引号不成对，分不清单元格"),
            _("改正这一行的引号；或用 Excel、WPS 打开检查后，另存为 .xlsx 上传"),
            row=number,
        ) from error


def _cell(cell: str) -> str:
    # ="0123" is how spreadsheets are told to keep a leading zero in a .csv.
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    return cell[:_LONGEST_CELL]
