"""A list as an Excel sheet, the same everywhere: what it is and of which day, the heads, the rows."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import xlsxwriter
from django.http import HttpResponse

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Text that begins with = must stay text: a name is never a formula, a note never a link.
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def sheet_of(title: str, heads: list[str], rows: Iterable[list]) -> bytes:
    """An .xlsx: the title in the first row, the heads in the third, then the rows. Whole numbers
    stay numbers; everything else becomes text."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, dict(_PLAIN))
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, title, bold)
    for column, head in enumerate(heads):
        sheet.write_string(2, column, head, bold)
    for number, row in enumerate(rows, start=3):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_string(number, column, str(cell))
    sheet.set_column(0, len(heads) - 1, 18)
    sheet.freeze_panes(3, 0)
    book.close()
    return out.getvalue()


def download(content: bytes, name: str) -> HttpResponse:
    """An .xlsx to keep; its name holds nobody's data."""
    answer = HttpResponse(content, content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
