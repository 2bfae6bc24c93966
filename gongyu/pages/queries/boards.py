"""A school, a town, a district, the city: seven numbers, what stands below, who needs help."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import CHILD_READ, FIGURE_READ
from gongyu.ground.audit.actors import Actor
from gongyu.ground.design.addresses import address
from gongyu.ground.design.states import LOOKS
from gongyu.ground.places.models import Containment, Place
from gongyu.ground.places.queries import below as places_below
from gongyu.ground.prepared import prepared
from gongyu.indicators import queries as indicators
from gongyu.plan.model import Duty

from .addresses import Step, crumbs, place_url, places_open
from .below import BelowRow, BrokenDown
from .figures import Card, Figure, cards, inside, shown
from .maps import DistrictMap, district_map
from .speaking import speaks_below, speaks_of
from .trends import Trend, trend_of

Kind = Place.Kind
# How many schools stand open in the list of those that need help; the rest unfold.
HELP_SHOWN = 8
# What a place is broken down into, and what the list is called.
NEXT_KIND = {
    Kind.CITY: Kind.DISTRICT,
    Kind.DISTRICT: Kind.SCHOOL,
    Kind.TOWN: Kind.SCHOOL,
    Kind.SCHOOL: Kind.CLASS,
}


@dataclass(frozen=True, slots=True)
class HelpRow:
    """A school that may need help, with the reason in words; on the city's page its district."""

    name: str
    url: str
    district: str
    why: str


@dataclass(frozen=True, slots=True)
class Board(BrokenDown):
    """Everything that the page of a place shows."""

    place: Place
    crumbs: list[Step]
    lead: str
    numbers: list[Card]
    others: list[Card]
    chosen: Card
    choices: list[Duty]
    below: list[BelowRow]
    below_word: str
    help: list[HelpRow]
    trend: Trend | None
    map: DistrictMap | None
    towns: list[Step]
    states: list[str] = field(default_factory=lambda: list(LOOKS))

    @property
    def speaks_below(self) -> bool:
        return speaks_below(self.place, self.chosen.duty)

    @property
    def as_of(self) -> date | None:
        days = [c.figure.as_of for c in (*self.numbers, *self.others) if c.figure]
        return max(days, default=None)

    @property
    def shows_help(self) -> bool:
        return self.place.kind != Kind.SCHOOL

    @property
    def help_first(self) -> list[HelpRow]:
        return self.help[:HELP_SHOWN]

    @property
    def help_rest(self) -> list[HelpRow]:
        return self.help[HELP_SHOWN:]


def board(place: Place, actor: Actor, on: date, duty_id: str = "") -> Board:
    """The board of a place; `duty_id` chooses the duty that is broken down (default: the first
    number that is built and says something of what stands below)."""
    exact = inside(actor, place, on)
    numbers, others = cards(place.pk, exact=exact)
    others = [card for card in others if speaks_of(place, card.duty)]
    built = [card for card in (*numbers, *others) if card.duty.built]
    first = next((c for c in built if speaks_below(place, c.duty)), built[0])
    chosen = next((c for c in built if c.duty.id == duty_id), first)
    kind = NEXT_KIND[place.kind]
    rows = below_rows(place, kind, chosen, actor, on)
    return Board(
        place=place,
        crumbs=crumbs(place, actor, on),
        lead=_lead(place, on),
        numbers=numbers,
        others=others,
        chosen=chosen,
        choices=[card.duty for card in built],
        below=[row for _, row in rows],
        below_word=str(Kind(kind).label),
        help=help_rows(place, actor, on) if place.kind != Kind.SCHOOL else [],
        trend=trend_of(chosen.duty, place.pk, exact=exact),
        map=_map(rows, on) if place.kind == Kind.CITY and chosen.duty.is_judged else None,
        towns=_towns(place, on) if place.kind == Kind.DISTRICT else [],
    )


def below_rows(
    place: Place, kind: str, chosen: Card, actor: Actor, on: date, *, open_figures: bool = False
) -> list[tuple[int, BelowRow]]:
    """The places of a kind below a place, with their figures, in the order of code or grade.

    A row opens to the place's page, or with `open_figures` to the same duty's figure there.
    """
    places = _places_below(place.pk, str(kind), on)
    found = figures_of(chosen, place.pk, kind, exact=inside(actor, place, on))
    ids = [place.pk for place in places]
    figures_open = set(places_open(actor, ids, on, permission=FIGURE_READ))
    # The page of a class shows its children; a figure alone does not.
    pages_open = figures_open
    if kind == Kind.CLASS:
        pages_open = set(places_open(actor, ids, on, permission=CHILD_READ))
    ordered = sorted(places, key=_class_order) if kind == Kind.CLASS else places
    rows = []
    for each in ordered:
        figure = found.get(each.pk)
        if open_figures and figure:
            url = figure.url if each.pk in figures_open else ""
        else:
            url = place_url(each) if each.pk in pages_open else ""
        rows.append((each.pk, BelowRow(each.name, url, figure)))
    return rows


@prepared
def _places_below(place_id: int, kind: str, on: date):
    return places_below(place_id, kind, on).select_related("school", "school_class")


@prepared
def _towns_with_a_school(district_id: int, on: date):
    inside = Containment.objects.on(on).filter(place_kind=Kind.SCHOOL, ancestor=OuterRef("pk"))
    return places_below(district_id, Kind.TOWN, on).filter(Exists(inside))


def figures_of(chosen: Card, place_id: int, kind: str, *, exact: bool) -> dict[int, Figure]:
    """{place id: its figure} for the places of a kind below a place."""
    if chosen.figure is None:
        return {}
    key = chosen.figure.period_key
    rows = indicators.figures_below(chosen.duty.id, key, place_id, kind, exact=exact)
    return {row.place_id: shown(row, chosen.duty) for row in rows}


def _class_order(place: Place) -> tuple[int, int, str]:
    about = place.school_class
    return (about.grade, about.number, place.name)


def help_rows(place: Place, actor: Actor, on: date) -> list[HelpRow]:
    """The schools below a place that could use help, by district and code."""
    found = indicators.schools_needing_help(place.pk)
    ids = [each.place_id for each in found]
    opened = set(places_open(actor, ids, on, permission=FIGURE_READ)) if ids else set()
    return [
        HelpRow(
            each.name,
            address("pages:school", each.place_id) if each.place_id in opened else "",
            each.district if place.kind == Kind.CITY else "",
            each.why,
        )
        for each in found
    ]


def _map(rows: Iterable[tuple[int, BelowRow]], on: date) -> DistrictMap:
    words, tones = {}, {}
    for place_id, row in rows:
        share = row.figure.share if row.figure else None
        if row.figure is None:
            words[place_id] = _("没有数据")
        elif share is None:
            words[place_id] = f"{row.figure.share_words}{row.figure.unit_words}"
        else:
            words[place_id] = _("已完成 %(share)s") % {"share": row.figure.share_words}
            tones[place_id] = f"step-{min(int(share * 5), 4) + 1}"
    return district_map(on, words, tones)


def _towns(district: Place, on: date) -> list[Step]:
    """The towns of a district in which a school stands."""
    towns = _towns_with_a_school(district.pk, on)
    return [Step(town.name, place_url(town)) for town in towns]


def _lead(place: Place, on: date) -> str:
    words = [str(Kind(place.kind).label)]
    school = getattr(place, "school", None) if place.kind == Kind.SCHOOL else None
    if school is not None:
        words = [school.get_kind_display()]
        if school.is_private:
            words.append(_("民办"))
    return " · ".join(words)
