"""A class's visits as an Excel sheet. The file's name holds no child's data."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import xlsxwriter
from django.utils.translation import gettext as _

from .queries.records import ExportRow

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_name(class_id: int, on: date) -> str:
    return f"visits-{class_id}-{on.isoformat()}.xlsx"


def workbook(title: str, rows: list[ExportRow], on: date) -> bytes:
    """The sheet's bytes: a title, a header row, a row for each child of each visit."""
    out = BytesIO()
    # Text that begins with = must stay text: a family's name is never a formula.
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(_("家访记录"))
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(
        0, 0, _("%(title)s，截至 %(on)s") % {"title": title, "on": on.isoformat()}, bold
    )
    heads = [
        _("姓名"),
        _("日期"),
        _("家访人"),
        _("身份"),
        _("结果"),
        _("地点"),
        _("未办结的后续事项"),
    ]
    for column, head in enumerate(heads):
        sheet.write_string(2, column, head, bold)
    for number, row in enumerate(rows, start=3):
        sheet.write_string(number, 0, row.child)
        sheet.write_datetime(number, 1, row.visited_on, day)
        for column, text in enumerate((row.visitor, row.capacity, row.outcome, row.setting), 2):
            sheet.write_string(number, column, text)
        sheet.write_number(number, 6, row.open_follow_ups)
    sheet.set_column(0, 6, 14)
    sheet.freeze_panes(3, 0)
    book.close()
    return out.getvalue()
