"""Figures as pages show them: counts by state, the share in words, what is hidden and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from gongyu.indicators import queries as indicators
from gongyu.indicators.queries import DutyFigure
from gongyu.plan.model import Duty
from gongyu.plan.periods import all_periods

from .plan import current_plan

# A share is taken of the subjects of which the duty is asked and known; see the engine's states.
COUNTED = ("met", "in_progress", "at_risk", "missed")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure ready for the page. `hidden` says that it is too small to be shown."""

    duty_id: str
    period_key: str
    period_title: str
    place_id: int
    counts: dict[str, int]
    subjects: int
    tally: int
    share_words: str
    unit_words: str
    hidden: bool
    floor: int
    as_of: date
    ledger_seq: int

    @property
    def url(self) -> str:
        return reverse("pages:figure", args=[self.duty_id, self.period_key, self.place_id])


@dataclass(frozen=True, slots=True)
class Card:
    """A duty with its figure in one place; none where it is not built or not yet computed."""

    duty: Duty
    figure: Figure | None
    url: str


def shown(figure: DutyFigure, duty: Duty) -> Figure:
    """The engine's figure in the words of the page."""
    counts = {} if figure.suppressed else {k: v for k, v in figure.counts.items() if v}
    counted = sum(counts.get(state, 0) for state in COUNTED)
    share = _("没有应计对象") if not counted else _percent(counts.get("met", 0), counted)
    if not duty.is_judged:
        share = str(figure.tally or 0)
    return Figure(
        duty_id=duty.id,
        period_key=figure.period_key,
        period_title=period_title(duty, figure.period_key),
        place_id=figure.place_id,
        counts=counts,
        subjects=figure.subjects,
        tally=figure.tally or 0,
        share_words=share,
        unit_words=_("次") if not duty.is_judged else (_("已完成") if counted else ""),
        hidden=figure.suppressed,
        floor=current_plan().disclosure.district_minimum,
        as_of=figure.as_of,
        ledger_seq=figure.ledger_seq,
    )


def _percent(part: int, whole: int) -> str:
    """A share cut, never rounded up: 99.96 per cent is not 100."""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def share_of(figure: Figure | None) -> float | None:
    """The share of met, 0 to 1, of what is asked and known; None where there is none to show."""
    if figure is None or figure.hidden:
        return None
    counted = sum(figure.counts.get(state, 0) for state in COUNTED)
    return figure.counts.get("met", 0) / counted if counted else None


def period_title(duty: Duty, key: str) -> str:
    """The name of a period, such as `2026-2027学年`; the key itself where the plan has no name."""
    for period in all_periods(current_plan().calendar):
        if period.kind == duty.period.kind and period.key == key:
            return period.title
    return str(duty.period.title) if key in ("standing", "once", "") else key


def cards(place_id: int) -> tuple[list[Card], list[Card]]:
    """The plan's seven numbers, and the other duties that are built, in the order of the text."""
    plan = current_plan()
    found = {figure.duty: figure for figure in indicators.board(place_id)}
    numbers = [_card(duty, found.get(duty.id)) for duty in plan.numbers]
    others = [_card(d, found.get(d.id)) for d in plan.built_duties if not d.is_number]
    return numbers, others


def _card(duty: Duty, figure: DutyFigure | None) -> Card:
    if figure is None or not duty.built:
        return Card(duty, None, reverse("pages:duty", args=[duty.id]))
    ready = shown(figure, duty)
    return Card(duty, ready, ready.url)
