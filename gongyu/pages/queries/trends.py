"""How a figure moved over the year, as a chart's data and as the same table in words."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gongyu.ground.design.states import LOOKS
from gongyu.indicators import queries as indicators
from gongyu.indicators.queries import TrendPoint
from gongyu.plan.model import Duty

# Lines of a chart are drawn in the colours of their states.
COLOURS = {"met": "#2f7d5b", "in_progress": "#4f86b8", "at_risk": "#d09434", "missed": "#9c4a3f"}


@dataclass(frozen=True, slots=True)
class TrendLine:
    """One day's values in the order of the trend's names; None where nothing may be shown."""

    label: str
    values: list[int | None]


@dataclass(frozen=True, slots=True)
class TrendMark:
    """One day's state of a single subject."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Trend:
    """`data` is what the chart reads (see charts.js), `lines` the same as a table. Of a single
    subject there is no chart but `marks`: a line that jumps between nought and one says nothing."""

    title: str
    key: str = ""
    names: list[str] = field(default_factory=list)
    lines: list[TrendLine] = field(default_factory=list)
    data: dict = field(default_factory=dict)
    marks: list[TrendMark] = field(default_factory=list)


def trend_of(duty: Duty, place_id: int, *, exact: bool) -> Trend | None:
    """The trend of a duty in a place; None until there are two days to compare."""
    points = indicators.trend(duty.id, place_id, exact=exact)
    if len(points) < 2:
        return None
    title = _("%(duty)s走势") % {"duty": duty.title}
    if duty.is_judged and all(_is_of_one(point) for point in points):
        return Trend(title=title, marks=[TrendMark(_day(point), _state(point)) for point in points])
    codes = _codes(points) if duty.is_judged else []
    names = [str(LOOKS[code].label) for code in codes] or [_("次数")]
    lines = [
        TrendLine(
            label=_day(point),
            values=_values(point, codes),
        )
        for point in points
    ]
    colours = [COLOURS[code] for code in codes] or ["#135d66"]
    series = [
        {"name": name, "colour": colour, "values": [line.values[index] for line in lines]}
        for index, (name, colour) in enumerate(zip(names, colours, strict=True))
    ]
    return Trend(
        key="trend",
        title=title,
        names=names,
        lines=lines,
        data={"labels": [line.label for line in lines], "series": series},
    )


def _is_of_one(point: TrendPoint) -> bool:
    return point.subjects == 1 and not point.hidden and sum(point.counts.values()) == 1


def _state(point: TrendPoint) -> str:
    return next(code for code, count in point.counts.items() if count)


def _day(point: TrendPoint) -> str:
    return date_format(point.as_of, "MONTH_DAY_FORMAT")


def _codes(points: list[TrendPoint]) -> list[str]:
    """The states worth a line: met always, the others where they ever held."""
    return [c for c in COLOURS if c == "met" or any(p.counts.get(c) for p in points)]


def _values(point: TrendPoint, codes: list[str]) -> list[int | None]:
    return [_value(point, code) for code in codes] or [point.tally]


def _value(point: TrendPoint, code: str) -> int | None:
    return None if code in point.hidden else point.counts.get(code, 0)
