"""The kinds of activities, as one table: a measure that needs another adds a row."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ActivityKind:
    """`hint` says what belongs here; `greeting` is what families are told first."""

    label: str
    hint: str
    greeting: str


# What a class teacher plans for the own class; the other kinds are the school's.
OF_A_CLASS = "parents_meeting"

KINDS: dict[str, ActivityKind] = {
    "open_day": ActivityKind(
        _("校园开放日"),
        _("请家长走进校园：看课堂、看食堂、看活动，和老师聊聊。"),
        _("欢迎您来学校看看。不用准备什么，来不了也没关系。"),
    ),
    "parents_meeting": ActivityKind(
        _("家长会"),
        _("全校、年级或班级的家长会，也可以分时段一家一家地聊。"),
        _("想请您来学校，一起聊聊孩子。来不了也没关系，可以另约时间。"),
    ),
}
