"""The rows of a class's list for visits. They are most of what a teacher's phone loads, forty-five to
a page, so they are put together here: a template asks for every word and address forty-five times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from html import escape as esc
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gongyu.ground.design.addresses import address

from ..queries.families import Sibling
from ..queries.overview import ChildRow

register = template.Library()


@register.simple_tag(takes_context=True)
def visit_rows(context, rows: Iterable[ChildRow]) -> SafeString:
    """`<li>` for each row, as the page's `plans`, `by_road` and `overview` say."""
    about_school = context["overview"].school_class.school_id
    drawing = _Rows(bool(context.get("plans")), bool(context.get("by_road")), about_school)
    # Every text in a row has passed `esc`; see _Rows.
    return mark_safe("".join(map(drawing.row, rows)))  # noqa: S308


@register.simple_tag
def options_of(widget: dict[str, Any]) -> SafeString:
    """`<option>` for each choice of a select: a school has some forty colleagues, and a template
    asks four things of each."""
    options = (option for _group, some, _index in widget["optgroups"] for option in some)
    # Values are numbers and labels names: plain texts, each escaped.
    return mark_safe("".join(map(_option, options)))  # noqa: S308


def _option(option: dict[str, Any]) -> str:
    value, label = esc(str(option["value"])), esc(str(option["label"]))
    chosen = " selected" if option["selected"] else ""
    return f'<option value="{value}"{chosen}>{label}</option>'


class _Rows:
    """Draws rows. Words are asked for once a page; whatever comes from people is escaped."""

    def __init__(self, plans: bool, by_road: bool, school_id: int) -> None:
        self.plans, self.by_road, self.school_id = plans, by_road, school_id
        self.record, self.failed = esc(_("记录")), esc(_("没成功"))
        self.proposal, self.never = esc(_("预约")), esc(_("还没有家访过"))
        self.chips = {
            "decline_waiting": _chip(_("待校长确认")),
            "declined": _chip(_("家长谢绝")),
            "away": _chip(_("不在校")),
        }
        self.pick, self.last_time = _("选 %(name)s"), _("上次家访 %(day)s")
        self.days: dict[date, str] = {}

    def row(self, row: ChildRow) -> str:
        child, name = row.child, esc(row.child.name)
        href = address("visits:child", child.pk)
        return (
            f'<li>\n{self._tick(row)}<div class="grow"><a class="name" href="{href}">{name}</a>'
            f"{self._reasons(row)}{self._state(row)}{self._about(row) if self.plans else ''}</div>\n"
            f'<div class="row-actions">{self._actions(row, name)}</div></li>\n'
        )

    def _tick(self, row: ChildRow) -> str:
        if not (self.plans and row.state == "to_visit"):
            return ""
        pk = row.child.pk
        words = esc(self.pick % {"name": row.child.name})
        return (
            f'<input class="form-check-input" type="checkbox" name="child" value="{pk}" '
            f'id="pick-{pk}" aria-label="{words}">\n'
        )

    def _reasons(self, row: ChildRow) -> str:
        if not self.plans:
            return ""
        words = (f'<span class="chip chip-warm">{esc(each)}</span> ' for each in row.reason_words)
        return " " + "".join(words)

    def _state(self, row: ChildRow) -> str:
        if row.state in self.chips:
            return self.chips[row.state]
        if row.proposal and row.state != "visited":
            return f'<span class="chip chip-teal">{esc(str(row.proposal.label))}</span>'
        return ""

    def _about(self, row: ChildRow) -> str:
        """What helps to plan the visit."""
        lines = []
        open_still = row.state != "visited"
        if row.visited_by_former_teacher:
            lines.append(_("原学校的班主任本学年去过，我们还没去"))
        if row.met_elsewhere and open_still:
            lines.append(_("本学年已在别处约见，家里还没去"))
        if row.attempts and open_still:
            lines.append(_("去过 %(n)s 次没成功") % {"n": row.attempts})
        if row.road and not self.by_road:
            lines.append(f"{row.road.town} {row.road.community}")
        if row.preference and (
            row.preference.prefers or row.preference.times or row.preference.language
        ):
            lines.append(_wish(row.preference))
        faint = "".join(f'<div class="small faint">{esc(line)}</div>' for line in lines)
        siblings = "".join(map(self._sibling, row.siblings))
        return f'{faint}{siblings}<div class="small faint">{self._last(row)}</div>'

    def _sibling(self, sibling: Sibling) -> str:
        if sibling.school_id == self.school_id:
            about = {"class": sibling.class_name, "name": sibling.name}
            words = _("与 %(class)s %(name)s 是一家，可一次家访") % about
            return f'<div class="small">{esc(words)}</div>'
        words = _("有兄弟姐妹在%(school)s") % {"school": sibling.school_name}
        return f'<div class="small faint">{esc(words)}</div>'

    def _last(self, row: ChildRow) -> str:
        if row.last_held is None:
            return self.never
        day = row.last_held.visited_on
        if day not in self.days:
            self.days[day] = esc(self.last_time % {"day": _day_words(day, get_language())})
        return self.days[day]

    def _actions(self, row: ChildRow, name: str) -> str:
        pk, hidden = row.child.pk, f'<span class="visually-hidden"> {name}</span>'
        made = ""
        if self.plans and row.proposal and row.state in {"chosen", "proposed", "asked_other"}:
            href = address("visits:proposal", row.proposal.pk)
            made = f'<a class="btn btn-sm btn-primary" href="{href}">{self.proposal}</a>\n'
        href = address("visits:record-child", pk)
        made += f'<a class="btn btn-sm" href="{href}">{self.record}{hidden}</a>\n'
        if row.is_open:
            href = address("visits:attempt", pk)
            made += f'<a class="btn btn-sm btn-link" href="{href}">{self.failed}{hidden}</a>'
        return made


# The days of a school year are few, and every class's list shows them.
@lru_cache(maxsize=1024)
def _day_words(day: date, _language: str) -> str:
    return date_format(day)


def _chip(words: str) -> str:
    return f'<span class="chip">{esc(words)}</span>'


def _wish(preference) -> str:
    place = f"{preference.get_prefers_display()} " if preference.prefers else ""
    return f"{_('家长希望：')}{place}{preference.times} {preference.language}"
