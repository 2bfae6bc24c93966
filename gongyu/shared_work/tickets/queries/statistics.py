"""How many complaints of which kind where, and what was found; small numbers hidden."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_bounds, school_year_of
from gongyu.ground.places.models import Place
from gongyu.plan import load_plan

from .. import rules
from ..hiding import hidden_cells
from ..kinds import FINDINGS, KINDS
from ..models import Ticket

OUTCOMES = {**FINDINGS, "rejected": _("不予受理"), "sent_on": _("已转送"), "open": _("在办")}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the table; None where it is hidden. `query` opens its rows."""

    value: int | None
    query: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its sums: the last row and the last column."""

    title: str
    heads: list[str]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of the complaints that came in a school year; trials are in none of it."""

    year: int
    years: list[int]
    minimum: int
    by_place: Sheet
    by_finding: Sheet
    total: Number

    @property
    def year_words(self) -> str:
        return f"{self.year}—{self.year + 1}"

    @property
    def is_empty(self) -> bool:
        return not self.by_place.rows


def statistics(actor: Actor, on: date, year: int | None = None) -> Statistics:
    """By place and kind, and by kind and finding. Whoever reaches one desk reads schools, whoever
    reaches several reads desks; in the order of names, for it is no ranking. Six SQL queries."""
    newest = school_year_of(on)
    seen = rules.tickets_visible_to(actor, on).filter(is_trial=False)
    years = _years(seen, newest)
    year = year if year in years else newest
    first, until = school_year_bounds(year)
    minimum = load_plan(settings.PLAN_FOLDER).disclosure.district_minimum
    desks = {desk.pk: desk for desk in rules.desks_of(actor, on)}
    rows = seen.filter(
        desk__in=desks, received_at__date__gte=first, received_at__date__lt=until
    ).values_list("about", "about__school_class__school", "desk", "kind", "status", "finding")
    tickets = list(rows)
    by_place = _by_place(tickets, desks, minimum)
    return Statistics(
        year=year,
        years=years,
        minimum=minimum,
        by_place=by_place,
        by_finding=_by_finding(tickets, minimum),
        total=by_place.rows[-1].numbers[-1] if by_place.rows else Number(0),
    )


def _years(seen: QuerySet[Ticket], newest: int) -> list[int]:
    oldest = seen.order_by("received_at").values_list("received_at", flat=True).first()
    start = school_year_of(oldest.date()) if oldest else newest
    return list(range(newest, start - 1, -1))


def _by_place(tickets: list[tuple], desks: dict[int, Place], minimum: int) -> Sheet:
    several = len(desks) > 1
    counts: Counter[tuple[int, str]] = Counter()
    for about, school, desk, kind, _status, _finding in tickets:
        counts[desk if several else (school or about), kind] += 1
    ids = {place for place, _kind in counts}
    places = desks if several else Place.objects.in_bulk(ids)
    named = sorted((places[pk].name, pk) for pk in ids)
    kinds = _kinds_of(kind for _place, kind in counts)
    table = [[counts[pk, kind] for kind in kinds] for _name, pk in named]
    field = "desk" if several else "about"
    return _sheet(
        _("按地方和类别"),
        [str(KINDS[kind].label) for kind in kinds],
        [name for name, _pk in named],
        table,
        minimum,
        lambda r, c: f"{field}={named[r][1]}&kind={kinds[c]}",
    )


def _by_finding(tickets: list[tuple], minimum: int) -> Sheet:
    counts: Counter[tuple[str, str]] = Counter()
    for *_where, kind, status, finding in tickets:
        outcome = finding or (status if status in ("rejected", "sent_on") else "open")
        counts[kind, outcome] += 1
    kinds = _kinds_of(kind for kind, _outcome in counts)
    table = [[counts[kind, outcome] for outcome in OUTCOMES] for kind in kinds]
    return _sheet(
        _("按类别和办理结果"),
        [str(label) for label in OUTCOMES.values()],
        [str(KINDS[kind].label) for kind in kinds],
        table,
        minimum,
        lambda r, c: "",
    )


def _kinds_of(kinds) -> list[str]:
    found = set(kinds)
    return [code for code in KINDS if code in found]


def _sheet(title: str, heads: list[str], names: list[str], table, minimum: int, query) -> Sheet:
    """The table with its sums, the small numbers hidden."""
    if not table:
        return Sheet(title, heads, [])
    summed = [[*row, sum(row)] for row in table]
    summed.append([sum(column) for column in zip(*summed, strict=True)])
    hidden = hidden_cells(summed, minimum)
    rows = []
    for r, name in enumerate([*names, _("合计")]):
        inside = r < len(names)
        rows.append(
            Row(
                name,
                [
                    Number(
                        None if (r, c) in hidden else n,
                        query(r, c) if inside and c < len(heads) and n else "",
                    )
                    for c, n in enumerate(summed[r])
                ],
            )
        )
    return Sheet(title, [*heads, _("合计")], rows)
