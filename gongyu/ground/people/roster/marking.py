"""The same sheet back with its faults marked: coloured cells with notes, and a column 问题."""

from __future__ import annotations

import io
from collections import defaultdict
from datetime import date, datetime, time
from math import isfinite

import xlsxwriter
from django.utils.translation import gettext as _

from .faults import FAULT, Fault, FileRefused
from .workbook import Sheet, read_workbook

_SHEET_NAME_LENGTH = 31
_MOST_NOTES = 2000


def marked(data: bytes, faults: list[Fault]) -> bytes:
    """An .xlsx with every sheet of the file as it was read, its faults marked in place, and a first
    sheet that lists all of them. A file that cannot be read gives the list alone."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
               "in_memory": True}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "fault": book.add_format({"bg_color": "#FFD8A8", "border": 1}),
            "warning": book.add_format({"bg_color": "#FFF3BF", "border": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        names: set[str] = set()
        _list(book, faults, looks, names)
        try:
            sheets = read_workbook(data).sheets
        except FileRefused:
            sheets = []
        for sheet in sheets:
            here = [fault for fault in faults if fault.sheet == sheet.name]
            _sheet(book, sheet, here, looks, names)
    return out.getvalue()


def _list(book, faults: list[Fault], looks: dict, names: set[str]) -> None:
    page = book.add_worksheet(_free_name(_("问题清单"), names))
    heads = (_("工作表"), _("行"), _("列"), _("表头"), _("内容"), _("问题"), _("怎么改"))
    page.write_row(0, 0, heads, looks["head"])
    for at, fault in enumerate(faults, start=1):
        cells = (fault.sheet, fault.row or "", fault.column, fault.header, fault.value,
                 fault.reason, fault.cure)  # fmt: skip
        look = looks["fault" if fault.severity == FAULT else "warning"]
        page.write_row(at, 0, cells)
        page.write(at, 5, fault.reason, look)
    page.set_column(0, 4, 14)
    page.set_column(5, 6, 48)
    page.freeze_panes(1, 0)


def _sheet(book, sheet: Sheet, faults: list[Fault], looks: dict, names: set[str]) -> None:
    page = book.add_worksheet(_free_name(sheet.name or _("名册"), names))
    by_cell: dict[tuple[int, str], list[Fault]] = defaultdict(list)
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        if fault.row:
            by_row[fault.row].append(fault)
            by_cell[fault.row, fault.column].append(fault)
    width = max((len(row) for row in sheet.rows), default=0)
    for at, row in enumerate(sheet.rows):
        for column, cell in enumerate(row):
            _write(page, at, column, cell, looks, None)
    for (row, letter), here in list(by_cell.items())[:_MOST_NOTES]:
        if letter:
            column = _index(letter)
            cells = sheet.rows[row - 1]
            cell = cells[column] if column < len(cells) else ""
            _write(page, row - 1, column, cell, looks, _worst(here, looks))
            page.write_comment(row - 1, column, _words(here), {"x_scale": 2, "y_scale": 1.5})
    for row, here in by_row.items():
        page.write_string(row - 1, width, _words(here)[:32000], _worst(here, looks))
    if by_row:
        page.write_string(max(min(by_row) - 2, 0), width, _("问题"), looks["head"])
        page.set_column(width, width, 60)


def _worst(faults: list[Fault], looks: dict):
    return looks["fault" if any(f.severity == FAULT for f in faults) else "warning"]


def _words(faults: list[Fault]) -> str:
    return "\n".join(dict.fromkeys(f"{fault.reason}。{fault.cure}。" for fault in faults))


def _write(page, row: int, column: int, cell, looks: dict, look) -> None:
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell, look)
    elif isinstance(cell, datetime | date):
        page.write_string(row, column, cell.isoformat()[:10], look)
    elif isinstance(cell, int | float) and isfinite(cell):
        page.write_number(row, column, cell, look)
    elif isinstance(cell, time):
        page.write_string(row, column, cell.isoformat(), look)
    elif cell not in (None, ""):
        page.write_string(row, column, str(cell)[:32000], look)
    elif look is not None:
        page.write_blank(row, column, None, look)


def _free_name(wanted: str, names: set[str]) -> str:
    """A sheet name that spreadsheets allow and that is not taken."""
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in wanted).strip("' ")
    plain = (plain or _("名册"))[:_SHEET_NAME_LENGTH]
    name, number = plain, 2
    while name.lower() in names:
        name = f"{plain[: _SHEET_NAME_LENGTH - 4]} {number}"
        number += 1
    names.add(name.lower())
    return name


def _index(letters: str) -> int:
    value = 0
    for sign in letters:
        value = value * 26 + ord(sign) - 64
    return value - 1
