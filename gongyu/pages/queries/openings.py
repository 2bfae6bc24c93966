"""A figure opened: its rule, what it is made of, and the rows behind it.

Inside a school those who may read names see children; above it the rows are schools.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import (
    CHILD_READ,
    FIGURE_READ,
    TICKET_OVERSEE,
    may,
)
from gongyu.ground.audit.actors import Actor
from gongyu.ground.design.addresses import address
from gongyu.ground.design.states import LOOKS
from gongyu.ground.people.models import Child
from gongyu.ground.places.models import Place
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Staff
from gongyu.indicators import queries as indicators
from gongyu.plan.model import Duty, Measure, Plan
from gongyu.records.m02_parent_committees.queries.committees import committee_names

from .addresses import Step, crumbs, place_url, places_open
from .below import BelowRow, BrokenDown
from .boards import NEXT_KIND, below_rows
from .campuses import CampusLine, campus_lines
from .figures import Card, Figure, inside, shown
from .plan import current_plan
from .speaking import DESK_SUBJECTS, says_ledger_number, speaks_below, speaks_of
from .trends import Trend, trend_of

Kind = Place.Kind
ROWS_A_PAGE = 50
ROWS_A_READ = 2000
PLACES_AS_SUBJECTS = frozenset({"school", "class", "community", "town", "district"})


@dataclass(frozen=True, slots=True)
class FigurePage(BrokenDown):
    """One figure with its rule, what it is made of, and how it moved."""

    place: Place
    plan: Plan
    measure: Measure
    duty: Duty
    figure: Figure
    crumbs: list[Step]
    below: list[BelowRow]
    below_word: str
    trend: Trend | None
    states: list[str]
    campuses: list[CampusLine]

    @property
    def says_ledger_number(self) -> bool:
        return says_ledger_number(self.place)

    @property
    def speaks_below(self) -> bool:
        return speaks_below(self.place, self.duty)

    @property
    def chosen(self) -> Card:
        return Card(self.duty, self.figure, self.figure.url)

    @property
    def rows_url(self) -> str:
        return _rows_url("pages:figure-rows", self.figure)


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row behind a figure: a child, a class, a school. `counts` is None for a single subject."""

    name: str
    url: str
    where: str
    state: str
    reason: str
    tally: int | None
    counts: dict[str, int | None] | None = None
    subjects: int | None = 1
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class RowsPage:
    """The rows behind a figure. `single` says whether a row is one subject or a school's sum."""

    place: Place
    duty: Duty
    figure: Figure
    crumbs: list[Step]
    lines: list[RowLine]
    page: Page
    single: bool
    row_word: str
    chosen_states: tuple[str, ...]
    choices: list[tuple[str, str, int]]

    @property
    def says_ledger_number(self) -> bool:
        return says_ledger_number(self.place)

    @property
    def export_url(self) -> str:
        return _rows_url("pages:figure-export", self.figure)

    @property
    def shown_total(self) -> int:
        """How many subjects the asked-for states have in the figure: what the rows count to."""
        states = self.chosen_states or tuple(LOOKS)
        return sum(self.figure.counts.get(state) or 0 for state in states)


def figure_page(
    place: Place, duty_id: str, period_key: str, actor: Actor, on: date
) -> FigurePage | None:
    """The figure opened, or None where the plan or the refresh has none such."""
    found = _figure(place, duty_id, period_key, actor, on)
    if found is None:
        return None
    plan, duty, figure = found
    kind = _kind_below(place, duty)
    card = Card(duty, figure, figure.url)
    rows = below_rows(place, kind, card, actor, on, open_figures=True) if kind else []
    return FigurePage(
        place=place,
        plan=plan,
        measure=plan.measure(duty.measure),
        duty=duty,
        figure=figure,
        crumbs=crumbs(place, actor, on),
        below=[row for _pk, row in rows],
        below_word=str(Kind(kind).label) if kind else "",
        trend=trend_of(duty, place.pk, exact=inside(actor, place, on)),
        states=list(LOOKS),
        campuses=campus_lines(place, duty, period_key),
    )


def _kind_below(place: Place, duty: Duty) -> str | None:
    """What a figure is broken down into; None where the duty has nothing to say further below."""
    if duty.subject in DESK_SUBJECTS and place.kind != Kind.CITY:
        return None
    if place.kind == Kind.SCHOOL and duty.subject == "school":
        return None
    return NEXT_KIND.get(place.kind)


def rows_page(
    place: Place,
    duty_id: str,
    period_key: str,
    actor: Actor,
    on: date,
    *,
    states: tuple[str, ...] = (),
    number: int = 1,
) -> RowsPage | None:
    """One page of the rows, or None where there is no such figure."""
    found = _figure(place, duty_id, period_key, actor, on)
    if found is None:
        return None
    _plan, duty, figure = found
    single = shows_single_rows(place, duty, actor, on)
    if single:
        exact = _reads_exactly(place, duty, actor, on)
        page = indicators.rows(
            duty_id, period_key, place.pk, states=states, page=number, exact=exact
        )
        lines = _single_lines(list(page.object_list), actor, on)
    else:
        page = Paginator(_sums(place, card_of(duty, figure), actor, on), ROWS_A_PAGE).get_page(
            number
        )
        lines = list(page.object_list)
    return RowsPage(
        place=place,
        duty=duty,
        figure=figure,
        crumbs=crumbs(place, actor, on),
        lines=lines,
        page=page,
        single=single,
        row_word=duty.counted_title if single else str(Kind(_sum_kind(duty)).label),
        chosen_states=states,
        choices=[(code, str(LOOKS[code].label), n) for code, n in figure.counts.items() if n],
    )


def card_of(duty: Duty, figure: Figure) -> Card:
    return Card(duty, figure, figure.url)


def shows_single_rows(place: Place, duty: Duty, actor: Actor, on: date) -> bool:
    """Names of people only from the school level downward, and only for those who may read them;
    a duty over schools or classes names places, which are no secret."""
    return duty.subject in PLACES_AS_SUBJECTS or _reads_exactly(place, duty, actor, on)


def _reads_exactly(place: Place, duty: Duty, actor: Actor, on: date) -> bool:
    """Whether nothing of the figure is hidden from this reader: about children inside the school,
    about clues at the desk that works on them."""
    if duty.subject in DESK_SUBJECTS:
        return may(actor, TICKET_OVERSEE, place.pk, on)
    return inside(actor, place, on)


def _sum_kind(duty: Duty) -> str:
    return Kind.DISTRICT if duty.subject in DESK_SUBJECTS else Kind.SCHOOL


def all_lines(page: RowsPage, actor: Actor, on: date) -> Iterator[RowLine]:
    """Every row behind the figure of a page, read piece by piece: a sheet is never held whole."""
    if not page.single:
        yield from _sums(page.place, card_of(page.duty, page.figure), actor, on)
        return
    number = 1
    while True:
        found = indicators.rows(
            page.duty.id,
            page.figure.period_key,
            page.place.pk,
            states=page.chosen_states,
            page=number,
            per_page=ROWS_A_READ,
            exact=_reads_exactly(page.place, page.duty, actor, on),
        )
        yield from _single_lines(list(found.object_list), actor, on)
        if not found.has_next():
            return
        number += 1


def _figure(
    place: Place, duty_id: str, period_key: str, actor: Actor, on: date
) -> tuple[Plan, Duty, Figure] | None:
    plan = current_plan()
    duty = next((each for each in plan.duties if each.id == duty_id), None)
    if duty is None or not speaks_of(place, duty):
        return None
    exact = _reads_exactly(place, duty, actor, on)
    found = indicators.figure(duty_id, period_key, place.pk, exact=exact)
    return None if found is None else (plan, duty, shown(found, duty))


def _rows_url(name: str, figure: Figure) -> str:
    return reverse(name, args=[figure.duty_id, figure.period_key, figure.place_id])


def _sums(place: Place, card: Card, actor: Actor, on: date) -> list[RowLine]:
    """The schools (of clues: the districts) below a place, each with its sum; a school from outside
    is its own only row."""
    kind = _sum_kind(card.duty)
    if place.kind == kind or place.kind == Kind.SCHOOL:
        found = [BelowRow(place.name, place_url(place), card.figure)]
    else:
        rows = below_rows(place, kind, card, actor, on, open_figures=True)
        found = [row for _pk, row in rows if row.figure is not None]
    return [
        RowLine(
            name=row.name,
            url=row.url,
            where="",
            state="",
            reason="",
            tally=row.figure.tally,
            counts=row.figure.counts,
            subjects=row.figure.subjects,
            hidden=row.figure.hidden,
        )
        for row in found
    ]


def _single_lines(rows: list, actor: Actor, on: date) -> list[RowLine]:
    """Rows with names: children, staff or places, whatever the duty is asked of."""
    kinds = ("child", "staff", "place", "incident", "clue", "committee")
    ids: dict[str, set[int]] = {kind: set() for kind in kinds}
    for row in rows:
        ids[row.subject_type].add(row.subject_id)
    wanted = ids["place"] | {row.place_id for row in rows}
    places = {place.pk: place for place in _places(wanted)} if wanted else {}
    names = {
        "child": dict(_children_named(ids["child"])) if ids["child"] else {},
        "staff": dict(_staff_named(ids["staff"])) if ids["staff"] else {},
        "place": {pk: place.name for pk, place in places.items()},
        # An incident is a number here: whose it is stands where the chronology is read.
        "incident": {pk: _("第 %d 件") % pk for pk in ids["incident"]},
        # A clue is a drawn number: which complaint it is stands at its desk alone.
        "clue": {pk: _("线索 %06d") % (pk % 10**6) for pk in ids["clue"]},
        "committee": committee_names(ids["committee"]),
    }
    opened = _open_places(actor, list(places), on)
    return [
        RowLine(
            name=names[row.subject_type].get(row.subject_id, ""),
            url=_row_url(row, places, opened),
            where=places[row.place_id].name if row.place_id in places else "",
            state=row.state,
            reason=row.reason,
            tally=row.tally or 0,
        )
        for row in rows
    ]


@prepared
def _places(ids: set[int]):
    return Place.objects.filter(pk__among=ids)


@prepared
def _children_named(ids: set[int]):
    return Child.objects.filter(pk__among=ids).values_list("pk", "name")


@prepared
def _staff_named(ids: set[int]):
    return Staff.objects.filter(pk__among=ids).values_list("pk", "name")


def _row_url(row, places: dict[int, Place], opened: set[int]) -> str:
    if row.subject_type == "child":
        # A child who moved away has no page here any more; whoever left is only counted.
        return address("pages:child", row.subject_id) if row.place_id in opened else ""
    if row.subject_type == "place" and row.subject_id in opened:
        return place_url(places[row.subject_id])
    return ""


def _open_places(actor: Actor, ids: list[int], on: date) -> set[int]:
    found: set[int] = set()
    for permission, kind in ((CHILD_READ, Kind.CLASS), (FIGURE_READ, Kind.SCHOOL)):
        found.update(places_open(actor, ids, on, permission=permission, kind=str(kind)))
    return found
