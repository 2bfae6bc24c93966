"""The burden page: a school year of notices by department and month, with what they cost people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import BURDEN_READ, may
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_bounds, school_year_of
from gongyu.ground.notices.queries_burden import BurdenLine, burden_within
from gongyu.ground.places.models import Place


@dataclass(frozen=True, slots=True)
class BurdenPage:
    """`years` are the school years that can be chosen, the newest first. Sums are over the lines."""

    place: Place
    year: int
    years: tuple[int, ...]
    lines: list[BurdenLine]

    @property
    def notices(self) -> int:
        return sum(line.notices for line in self.lines)

    @property
    def tasks(self) -> int:
        return sum(line.tasks for line in self.lines)

    @property
    def hours(self) -> int:
        return round(sum(line.minutes for line in self.lines) / 60)

    @property
    def staff_hours(self) -> int:
        return round(sum(line.staff_minutes for line in self.lines) / 60)


def burden_page(place: Place, year: str, on: date) -> BurdenPage:
    """Of the school year that begins in `year`; of the present one for any other text."""
    newest = school_year_of(on)
    years = tuple(range(newest, newest - 4, -1))
    chosen = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else newest
    chosen = chosen if chosen in years else newest
    first, until = school_year_bounds(chosen)
    lines = burden_within(place, first, until, on, schools_name=_("学校自己发的（合计）"))
    return BurdenPage(place, chosen, years, lines)


def own_burden_place(actor: Actor | None, on: date) -> Place | None:
    """The place whose burden somebody reads: of the first post that may."""
    for post in actor.posts if actor else ():
        if may(actor, BURDEN_READ, post.scope_id, on):
            return Place.objects.get(pk=post.scope_id)
    return None
