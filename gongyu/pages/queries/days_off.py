"""The days off of a year: what was entered here, what is published, and what is only estimated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gongyu.ground.calendar.working_days import NamedDay, is_published, published_days
from gongyu.ground.holidays import queries as holidays
from gongyu.ground.holidays.models import SpecialDay
from gongyu.ground.places.models import Place
from gongyu.ground.places.queries import districts

Kind = Place.Kind


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days in a row that are off, or worked, for the same reason."""

    first: date
    last: date
    is_working: bool
    name: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class EnteredDay:
    """An entry of the table; `where` is the district whose own day it is, empty for the city."""

    row: SpecialDay
    where: str
    may_clear: bool


@dataclass(frozen=True, slots=True)
class DaysOffPage:
    """A year's days off as the reader's place has them."""

    year: int
    this_year: int
    place: Place
    entered: tuple[EnteredDay, ...]
    published: tuple[Stretch, ...]
    estimated: bool

    @property
    def years(self) -> list[dict[str, object]]:
        """The years to choose from, as tabs."""
        return [
            {"label": year, "url": f"?year={year}", "current": year == self.year}
            for year in range(self.this_year - 1, self.this_year + 3)
        ]


def code_of(place: Place) -> str:
    """How the table names the place: the district's code, empty for the whole city."""
    return "" if place.kind == Kind.CITY else place.code


def days_off_page(place: Place, asked: str, on: date) -> DaysOffPage:
    """The year asked for, among those that can be chosen; this year for anything else."""
    years = range(on.year - 1, on.year + 3)
    year = int(asked) if asked.isdecimal() and int(asked) in years else on.year
    own = code_of(place)
    rows = holidays.entries(year, own or None)
    names = (
        {each.code: each.name for each in districts(on)} if any(r.district for r in rows) else {}
    )
    return DaysOffPage(
        year=year,
        this_year=on.year,
        place=place,
        entered=tuple(
            EnteredDay(row, names.get(row.district, row.district), row.district == own)
            for row in rows
        ),
        published=tuple(stretches(published_days(year))),
        estimated=not is_published(year),
    )


def stretches(days: Iterable[NamedDay]) -> list[Stretch]:
    """Days in order, put together where they follow each other for one reason."""
    found: list[Stretch] = []
    for day in days:
        last = found[-1] if found else None
        same = last and (last.name, last.is_working) == (day.name, day.is_working)
        if last and same and last.last + timedelta(days=1) == day.day:
            found[-1] = Stretch(last.first, day.day, last.is_working, last.name)
        else:
            found.append(Stretch(day.day, day.day, day.is_working, day.name))
    return found


def entry_kept(place: Place, pk: int) -> SpecialDay | None:
    """An entry of the actor's own place."""
    return holidays.entry(pk, code_of(place))
