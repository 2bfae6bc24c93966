"""Rows as an .xlsx file, written row by row to a temporary file and streamed from there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from gongyu.ground.design.states import LOOKS

from .queries.burden import BurdenPage
from .queries.openings import RowLine, RowsPage

CHUNK = 64 * 1024


def workbook_of(page: RowsPage, lines: Iterable[RowLine]) -> tuple[IO[bytes], int]:
    """The sheet and how many rows it has. The first lines say which figure it is, as of when."""
    target = tempfile.TemporaryFile()  # noqa: SIM115
    # A name that looks like a formula or an address stays a name.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {"constant_memory": True, **plain})
    sheet = book.add_worksheet(_("明细"))
    bold = book.add_format({"bold": True})
    for number, words in enumerate(_about(page)):
        sheet.write_row(number, 0, words, bold if number == 0 else None)
    top = len(_about(page)) + 1
    heads = _heads(page)
    sheet.write_row(top, 0, heads, bold)
    sheet.set_column(0, 1, 24)
    count = 0
    for count, line in enumerate(lines, start=1):
        sheet.write_row(top + count, 0, _cells(page, line))
    book.close()
    target.seek(0)
    return target, count


def chunks(target: IO[bytes]) -> Iterator[bytes]:
    with target:
        while block := target.read(CHUNK):
            yield block


def _about(page: RowsPage) -> list[list[str]]:
    return [
        [page.duty.title, page.place.name, page.figure.period_title],
        [_("依据"), page.duty.quote],
        [_("截至"), page.figure.as_of.isoformat(), *_ledger_number(page)],
    ]


def _ledger_number(page: RowsPage) -> list[str]:
    return [_("事实序号"), str(page.figure.ledger_seq)] if page.says_ledger_number else []


def _heads(page: RowsPage) -> list[str]:
    if page.single:
        return [page.row_word, _("所在"), _("状态"), _("说明"), _("次数")]
    return [page.row_word, page.duty.counted_title, *(str(look.label) for look in LOOKS.values())]


def _cells(page: RowsPage, line: RowLine) -> list[str | int]:
    if page.single:
        state = str(LOOKS[line.state].label) if line.state in LOOKS else line.state
        return [line.name, line.where, state, line.reason, line.tally or 0]
    if line.hidden:
        return [line.name, _("少于 %(floor)d 人，不显示") % {"floor": page.figure.floor}]
    counts = line.counts or {}
    numbers = [line.subjects, *(counts.get(code, 0) for code in LOOKS)]
    return [line.name, *(_("不显示") if n is None else n for n in numbers)]


def burden_sheet(page: BurdenPage, on: date) -> bytes:
    """One row for each department and month; the first line says of whom and until when."""
    target = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, plain)
    sheet = book.add_worksheet(_("通知的负担"))
    bold = book.add_format({"bold": True})
    sheet.write_row(0, 0, [page.place.name, f"{page.year}-{page.year + 1}", on.isoformat()], bold)
    heads = [_("月份"), _("谁发的"), _("通知"), _("要做点什么的"), _("进校园事项")]
    heads += [_("告知人次"), _("家里约用分钟（估计）"), _("纸条"), _("送纸条约用分钟（估计）")]
    sheet.write_row(2, 0, heads, bold)
    sheet.set_column(0, 1, 24)
    for number, line in enumerate(page.lines, start=3):
        cells = [f"{line.month:%Y-%m}", line.name, line.notices, line.tasks, line.campaigns]
        cells += [line.people, line.minutes, line.slips, line.staff_minutes]
        sheet.write_row(number, 0, cells)
    book.close()
    return target.getvalue()
