"""Tags of the look: icons, states, shares; no other place writes SVG by hand."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.utils.formats import localize
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ..icons import drawing
from ..states import LOOKS, Segment, segments

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An inline icon. Decorative unless `label` says what it means to those who cannot see it."""
    if not label:
        return _decorative(name)
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
        label,
        # The drawings come from the pinned icon package, never from a user.
        mark_safe(drawing(name)),  # noqa: S308
    )


# A page of a class draws the same few icons for each child.
@lru_cache(maxsize=256)
def _decorative(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(drawing(name)),  # noqa: S308
    )


@register.simple_tag
def states_drawing(
    counts: Mapping[str, int | None], total: int | None = None, label: str = ""
) -> SafeString:
    """A states bar without its legend, for the rows of a table: a component for every row takes
    most of the page's time."""
    drawn = segments(counts, total or None)
    return format_html('<div class="states">{}</div>', _bar(drawn, label))


@register.simple_tag
def states_with_legend(
    counts: Mapping[str, int | None], total: int | None = None, label: str = ""
) -> SafeString:
    """A states bar with what each stretch means below it."""
    drawn = segments(counts, total or None)
    lines = format_html_join("", "{}", ((_legend_line(part),) for part in drawn))
    if not drawn:
        lines = format_html('<li class="faint">{}</li>', _("没有应计对象"))
    return format_html(
        '<div class="states">{}\n<ul class="states-legend" role="list">{}</ul></div>',
        _bar(drawn, label),
        lines,
    )


def _bar(drawn: list[Segment], label: str) -> SafeString:
    parts = format_html_join(
        "",
        '<rect class="state-{}" x="{}%" width="{}%" y="0" height="100%"></rect>',
        ((part.look.code, str(part.start), str(part.width)) for part in drawn),
    )
    return format_html(
        '<svg class="states-bar" role="img" aria-label="{}{}" preserveAspectRatio="none">{}</svg>',
        f"{label}：" if label else "",
        bar_words(drawn),
        parts,
    )


def _legend_line(part: Segment) -> SafeString:
    words: str = _("其余为保护个人，不分开显示")
    if part.percent:
        words = format_html(
            '{} <strong data-count>{}</strong> <span class="faint">{}</span>',
            part.look.label,
            localize(part.count),
            part.percent,
        )
    return format_html(
        '<li data-state="{}" title="{}"><span class="dot state-{}"></span>{}</li>\n',
        part.look.code,
        part.look.meaning,
        part.look.code,
        words,
    )


@register.filter
def state_name(code: str) -> str:
    """A state's name as users read it; an unknown code is shown as it is."""
    return str(LOOKS[code].label) if code in LOOKS else code


@register.filter
def state_meaning(code: str) -> str:
    return str(LOOKS[code].meaning) if code in LOOKS else ""


def bar_words(drawn: list[Segment]) -> str:
    """What a states bar says to those who cannot see it."""
    if not drawn:
        return _("没有应计对象")
    return "；".join(
        f"{s.look.label} {s.count}，占 {s.percent}"
        if s.percent
        else _("其余为保护个人，不分开显示")
        for s in drawn
    )


@register.simple_tag(takes_context=True)
def page_url(context, number: int) -> str:
    """The present address with another page number; filters stay as they are."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return "?" + urlencode(sorted(query.lists()), doseq=True)
