"""Figures as pages show them: counts by state, the share in words, what is hidden and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import FIGURE_ROWS, may
from gongyu.ground.audit.actors import Actor
from gongyu.ground.design.states import LOOKS
from gongyu.ground.places.models import Place
from gongyu.indicators import queries as indicators
from gongyu.indicators.queries import DutyFigure
from gongyu.plan.model import Duty
from gongyu.plan.periods import title_of

from .plan import current_plan


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure ready for the page. A count of None is hidden; `hidden` says that all of it is.
    Where a part of the share is hidden, `share` is what it is at the least, and the words say so."""

    duty_id: str
    period_key: str
    period_title: str
    place_id: int
    counts: dict[str, int | None]
    subjects: int | None
    tally: int | None
    share: float | None
    share_words: str
    unit_words: str
    hidden: bool
    floor: int
    as_of: date
    ledger_seq: int

    @property
    def url(self) -> str:
        return figure_url(self.duty_id, self.period_key, self.place_id)


@dataclass(frozen=True, slots=True)
class Card:
    """A duty with its figure in one place; none where it is not built or not yet computed."""

    duty: Duty
    figure: Figure | None
    url: str


def figure_url(duty_id: str, period_key: str, place_id: int) -> str:
    """The address of a figure; a board has some dozens of them."""
    before, after = _around_the_place(duty_id, period_key)
    return f"{before}{place_id}{after}"


@lru_cache(maxsize=1024)
def _around_the_place(duty_id: str, period_key: str) -> tuple[str, str]:
    # A number that no place has stands where the place's goes.
    address = reverse("pages:figure", args=[duty_id, period_key, _NO_PLACE])
    before, _number, after = address.rpartition(str(_NO_PLACE))
    return before, after


_NO_PLACE = 7_000_000_007


@lru_cache(maxsize=512)
def _duty_url(duty_id: str) -> str:
    return reverse("pages:duty", args=[duty_id])


def inside(actor: Actor, place: Place, on: date) -> bool:
    """Whether the reader may read every child behind the place's figures: then nothing is hidden.
    Names and small counts alike are for those inside the school."""
    school_or_class = place.kind in (Place.Kind.SCHOOL, Place.Kind.CLASS)
    return school_or_class and may(actor, FIGURE_ROWS, place.pk, on)


def shown(figure: DutyFigure, duty: Duty) -> Figure:
    """The engine's figure in the words of the page."""
    counts: dict[str, int | None] = {k: v for k, v in figure.counts.items() if v}
    counts |= dict.fromkeys(figure.hidden)
    all_hidden = figure.counted is None and figure.share_at_least is None
    return Figure(
        duty_id=duty.id,
        period_key=figure.period_key,
        period_title=period_title(duty, figure.period_key),
        place_id=figure.place_id,
        counts={} if all_hidden else counts,
        subjects=figure.subjects,
        tally=figure.tally,
        share=figure.share_at_least if duty.is_judged else None,
        share_words=_share_words(figure, duty),
        unit_words=_unit_words(figure, duty),
        hidden=all_hidden,
        floor=current_plan().disclosure.district_minimum,
        as_of=figure.as_of,
        ledger_seq=figure.ledger_seq,
    )


def _share_words(figure: DutyFigure, duty: Duty) -> str:
    if not duty.is_judged:
        return _("不显示") if figure.tally is None else str(figure.tally)
    alone = _only_state(figure)
    if alone:
        return str(LOOKS[alone].label)
    if figure.counted:
        return _percent(figure.counts.get("met", 0), figure.counted)
    if figure.share_at_least is not None:
        share = _percent(figure.counts["met"], figure.counted_at_most or 0)
        return _("不低于 %(share)s") % {"share": share}
    return _("没有应计对象") if figure.counted == 0 else _("不显示")


def _unit_words(figure: DutyFigure, duty: Duty) -> str:
    if not duty.is_judged:
        return _("次") if figure.tally is not None else ""
    if _only_state(figure):
        return ""
    return _("已完成") if figure.counted or figure.share_at_least is not None else ""


def _only_state(figure: DutyFigure) -> str:
    """The state of a single subject, such as a school's own open day: of one there is no share."""
    if figure.subjects != 1 or figure.hidden:
        return ""
    return next((state for state, count in figure.counts.items() if count), "")


def _percent(part: int, whole: int) -> str:
    """A share cut, never rounded up: 99.96 per cent is not 100."""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def period_title(duty: Duty, key: str) -> str:
    """The name of a period, such as `2026-2027学年`; the key itself where the plan has no name."""
    title = title_of(current_plan().calendar, duty.period.kind, key)
    if title:
        return title
    return str(duty.period.title) if key in ("standing", "event", "once", "") else key


def cards(place_id: int, *, exact: bool = False) -> tuple[list[Card], list[Card]]:
    """The plan's seven numbers, and the other duties that are built, in the order of the text."""
    plan = current_plan()
    found = {figure.duty: figure for figure in indicators.board(place_id, exact=exact)}
    numbers = [_card(duty, found.get(duty.id)) for duty in plan.numbers]
    others = [_card(d, found.get(d.id)) for d in plan.built_duties if not d.is_number]
    return numbers, others


def _card(duty: Duty, figure: DutyFigure | None) -> Card:
    if figure is None or not duty.built:
        return Card(duty, None, _duty_url(duty.id))
    ready = shown(figure, duty)
    return Card(duty, ready, ready.url)
