"""Which entries cannot be true. Who may change them is a matter of access, which lies above."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gongyu.ground.calendar.words import day_words
from gongyu.ground.calendar.working_days import NamedDay


class DayRefused(Exception):
    """The entry cannot stand; the message says which, why and what to do."""


def check_can_set(days: Sequence[NamedDay]) -> None:
    """Refuse a day without a name or a source, or one that is given twice."""
    seen = set()
    for entry in days:
        if not entry.name.strip() or not entry.source.strip():
            raise DayRefused(
                _("%(day)s缺少名称或依据。请填写节日名称和放假文件的文号。")
                % {"day": day_words(entry.day)}
            )
        if entry.day in seen:
            raise DayRefused(_("%(day)s出现了两次。请只保留一条。") % {"day": day_words(entry.day)})
        seen.add(entry.day)
