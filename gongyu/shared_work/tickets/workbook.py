"""The tray and the statistics as Excel sheets: what lists say, no words and no contact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .queries.statistics import Sheet, Statistics
    from .queries.trays import Line, Tray

# Text that begins with = must stay text.
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_LIGHTS = {"calm": "", "amber": _("快到期"), "red": _("已超期")}


def tickets_sheet(tray: Tray, on: date) -> bytes:
    """One row for each ticket, in the order of the tray."""
    heads = [_("编号"), _("类别"), _("反映的地方"), _("收到"), _("来源"), _("状态"), _("办理单位")]
    heads += [_("期限"), _("最后一天"), _("提醒")]
    out, book = _new()
    title = _("投诉举报，截至 %(on)s") % {"on": on.isoformat()}
    _write(book, _("投诉举报"), title, heads, (_row(line) for line in tray.lines))
    book.close()
    return out.getvalue()


def _row(line: Line) -> list:
    running = line.running
    return [
        line.number,
        line.kind,
        line.about,
        line.received_on.isoformat(),
        line.came_from,
        line.label,
        line.desk,
        running.what if running else "",
        running.due_on.isoformat() if running else "",
        _LIGHTS[line.light],
    ]


def statistics_sheet(found: Statistics, on: date) -> bytes:
    """Two sheets, hidden numbers left out as on the page."""
    out, book = _new()
    hidden = _("少于%(n)d件的不显示") % {"n": found.minimum}
    for sheet in (found.by_place, found.by_finding):
        title = f"{sheet.title} {found.year_words} · {hidden} · {on.isoformat()}"
        heads = ["", *sheet.heads]
        _write(book, sheet.title, title, heads, _rows_of(sheet))
    book.close()
    return out.getvalue()


def _rows_of(sheet: Sheet) -> Iterable[list]:
    for row in sheet.rows:
        yield [row.name, *["…" if n.value is None else n.value for n in row.numbers]]


def _new() -> tuple[BytesIO, xlsxwriter.Workbook]:
    out = BytesIO()
    return out, xlsxwriter.Workbook(out, dict(_PLAIN))


def _write(
    book: xlsxwriter.Workbook, name: str, title: str, heads: list[str], rows: Iterable[list]
) -> None:
    sheet = book.add_worksheet(name[:31])
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
    sheet.set_column(0, max(len(heads) - 1, 0), 18)
    sheet.freeze_panes(3, 0)
