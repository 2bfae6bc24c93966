"""The nine states of a duty as users read them: name, order on the page, what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state is shown. The colour hangs on the code (CSS class `state-<code>`)."""

    code: str
    label: str
    meaning: str


# The order is that of the bar: done first, then what is open, then what lawfully does not count.
LOOKS: dict[str, StateLook] = {
    look.code: look
    for look in (
        StateLook("met", _("已完成"), _("本期应做的已经做到。")),
        StateLook("in_progress", _("进行中"), _("本期还没有结束，正在进行。")),
        StateLook("at_risk", _("需关注"), _("期限将近，尚未完成，需要支持。")),
        StateLook("not_due", _("未到期"), _("本期尚未开始或尚未到应做的时间。")),
        StateLook("missed", _("未完成"), _("本期已结束，没有做到。")),
        StateLook("declined", _("家长谢绝"), _("家长谢绝，学校已确认；这不是过错。")),
        StateLook("exempt", _("免于计入"), _("有规定的免于计入情形，并已写明理由。")),
        StateLook("not_applicable", _("不适用"), _("这项职责不适用于该对象。")),
        StateLook("unknown", _("资料不全"), _("资料不全，不作已完成或未完成处理。")),
    )
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of a states bar: `start` and `width` are per cent of the bar's length."""

    look: StateLook
    count: int
    start: float
    width: float
    percent: str


# What stands for counts that are too small to be shown.
HIDDEN = StateLook("hidden", _("不显示"), _("人数太少，为保护个人不显示。"))


def segments(counts: Mapping[str, int | None], total: int | None = None) -> list[Segment]:
    """The stretches of a bar in true proportion; a state that counts nothing has no stretch.

    A count of None is hidden. Where the total is known, what is hidden together is one stretch
    without a number. Widths are never rounded up to be visible: the numbers speak for small shares.
    """
    shown = {code: counts.get(code) or 0 for code in LOOKS}
    whole = max(sum(shown.values()), total or 0)
    parts = [(LOOKS[code], count) for code, count in shown.items() if count]
    if any(counts.get(code, 0) is None for code in LOOKS):
        parts.append((HIDDEN, whole - sum(shown.values())))
    drawn: list[Segment] = []
    start = 0.0
    for look, count in parts:
        width = 100 * count / whole if whole else 0.0
        words = "" if look is HIDDEN else _percent(width)
        drawn.append(Segment(look, count, round(start, 4), round(width, 4), words))
        start += width
    return drawn


def _percent(share: float) -> str:
    """A share in per cent as people read it: never 100 or 0 unless it is exactly that."""
    if 0 < share < 0.1:
        return "<0.1%"
    if 99.9 < share < 100:
        return ">99.9%"
    return f"{share:.1f}".rstrip("0").rstrip(".") + "%"
