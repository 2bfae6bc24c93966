"""The classes of a school as an Excel sheet."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.design.sheets import sheet_of
from gongyu.ground.places.models import Place

from .queries_classes import ClassesPage


def classes_sheet(school: Place, page: ClassesPage, on: date) -> bytes:
    """One row for each class; a number of pupils, no names."""
    states = {"now": _("开设"), "later": _("尚未开班"), "past": _("已撤销")}
    heads = [_("班级"), _("校区"), _("班主任"), _("学生"), _("从"), _("到"), _("现状")]
    rows = (
        [
            row.place.name,
            row.campus,
            row.class_teacher or (_("空缺") if row.state == "now" else ""),
            row.children,
            row.place.from_on.isoformat(),
            row.place.last_day.isoformat() if row.place.last_day else "",
            states[row.state],
        ]
        for row in page.classes
    )
    title = _("%(name)s 班级，截至 %(on)s") % {"name": school.name, "on": on.isoformat()}
    return sheet_of(title, heads, rows)
