"""A school's activities, and an activity's bookings, as Excel sheets."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.design.sheets import sheet_of

from .queries.bookings import BookingsPage
from .queries.lists import Line, SchoolPage


def activities_sheet(page: SchoolPage, on: date) -> bytes:
    """One row for each activity, in order of time."""
    lines = sorted(
        [*page.to_close, *page.coming, *page.past], key=lambda line: line.activity.starts_at
    )
    heads = [
        _("类别"),
        _("名称"),
        _("开始"),
        _("地点"),
        _("状态"),
        _("到场家庭数"),
        _("改期或取消的原因"),
        _("改到"),
    ]
    return sheet_of(
        _("%(name)s 活动，截至 %(on)s") % {"name": page.school.name, "on": on.isoformat()},
        heads,
        (_activity_row(line) for line in lines),
    )


def bookings_sheet(page: BookingsPage, on: date) -> bytes:
    """One row for each family: its time, or its place in the queue."""
    heads = [_("时间"), _("在哪里、找谁"), _("孩子"), _("班级"), _("状态"), _("排队第几位")]
    rows: list[list] = []
    for slot in page.slots:
        start = f"{localtime(slot.slot.starts_at):%Y-%m-%d %H:%M}"
        for line in slot.lines:
            family = line.family
            rows.append(
                [start, slot.slot.host, family.names, family.classes, line.booking.label, ""]
            )
    for line in page.waiting:
        wanted = line.booking.wanted
        start = f"{localtime(wanted.starts_at):%Y-%m-%d %H:%M}" if wanted else _("都行")
        host = wanted.host if wanted else ""
        family = line.family
        rows.append([start, host, family.names, family.classes, line.booking.label, line.place])
    title = _("%(name)s 预约，截至 %(on)s") % {
        "name": page.activity.title,
        "on": on.isoformat(),
    }
    return sheet_of(title, heads, rows)


def _activity_row(line: Line) -> list:
    activity, later = line.activity, line.replaced_by
    return [
        activity.kind_words,
        activity.title,
        f"{localtime(activity.starts_at):%Y-%m-%d %H:%M}",
        activity.where,
        line.label,
        "" if line.families is None else line.families,
        activity.reason,
        later.held_on.isoformat() if later else "",
    ]
