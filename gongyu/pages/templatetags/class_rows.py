"""The rows of a class's page: a template asks for each word and each condition once a child."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from gongyu.ground.design.templatetags.design import state_meaning, state_name

from ..queries.classes import ClassLine

register = template.Library()


@register.simple_tag
def class_rows(lines: Iterable[ClassLine], order: str) -> SafeString:
    """`<tr>` for each child, in the order given; pupils' numbers where the list goes by them."""
    drawing = _Rows(order == "number")
    # Every text in a row has passed `esc`; see _Rows.
    return mark_safe("".join(map(drawing.row, lines)))  # noqa: S308


class _Rows:
    """Draws rows. Words are asked for once a page; whatever comes from people is escaped."""

    def __init__(self, numbered: bool) -> None:
        self.numbered = numbered
        self.boards = f' <span class="chip">{esc(_("住校"))}</span>'
        self.care, self.home = esc(_("照护")), esc(_("居住"))
        self.badges: dict[tuple[str, str], str] = {}

    def row(self, line: ClassLine) -> str:
        number = ""
        if self.numbered and line.number:
            number = f' <span class="faint small">{esc(line.number)}</span>'
        return (
            f'<tr><th scope="row"><a href="{esc(line.url)}">{esc(line.name)}</a>{number}'
            f"{self.boards if line.boarding else ''}</th>\n<td>{self._badge(line)}</td>\n"
            f'<td data-label="{self.care}">{esc(line.carer or "—")}</td>'
            f'<td data-label="{self.home}">{esc(line.lives or "—")}</td></tr>\n'
        )

    def _badge(self, line: ClassLine) -> str:
        about = line.state, line.reason
        if about not in self.badges:
            state = esc(line.state)
            reason = f'<span class="faint">·{esc(line.reason)}</span>' if line.reason else ""
            self.badges[about] = (
                f'<span class="state-badge" title="{esc(state_meaning(line.state))}">'
                f'<span class="dot state-{state}"></span>{esc(state_name(line.state))}{reason}</span>'
            )
        return self.badges[about]
