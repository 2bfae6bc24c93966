"""The days off of a year as an Excel sheet."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from gongyu.ground.design.sheets import sheet_of

from .queries.days_off import DaysOffPage


def days_off_sheet(page: DaysOffPage, on: date) -> bytes:
    """One row for each day: what was entered in its own words, then the published calendar."""
    heads = [_("日期"), _("安排"), _("名称"), _("适用"), _("依据")]
    rows = [
        [
            each.row.day.isoformat(),
            _what(each.row.is_working),
            each.row.name,
            each.where or _("全市"),
            each.row.source,
        ]
        for each in page.entered
    ]
    for stretch in page.published:
        rows += [
            [
                (stretch.first + timedelta(days=n)).isoformat(),
                _what(stretch.is_working),
                stretch.name,
                _("全市"),
                _("已公布的历表"),
            ]
            for n in range(stretch.days)
        ]
    title = _("%(name)s %(year)s年放假安排，截至 %(on)s") % {
        "name": page.place.name,
        "year": page.year,
        "on": on.isoformat(),
    }
    return sheet_of(title, heads, rows)


def _what(is_working: bool) -> str:
    return _("调休上班") if is_working else _("放假")
