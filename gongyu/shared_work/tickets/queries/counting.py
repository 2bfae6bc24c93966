"""The clocks of tickets: which limit counts, what was extended, which days of whose table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.calendar.words import day_words
from gongyu.ground.calendar.working_days import Table
from gongyu.ground.holidays.moves import Move
from gongyu.ground.holidays.queries import Layers, changes_since, layers_of
from gongyu.ground.places.models import Place

from ..clocks import Clock, Part, clock, moves
from ..models import Extension, LocalLimit, Ticket
from ..parameters import Limit, amber_days, limit_of
from ..states import MOVING, OPEN


@dataclass(frozen=True, slots=True)
class Running:
    """A clock that runs on a day. `light` is calm, amber or red; what it is for in words."""

    what: str
    limit: Limit
    plan_limit: Limit
    clock: Clock
    light: str
    left: int

    @property
    def due_on(self) -> date:
        return self.clock.due_on

    @property
    def days_late(self) -> int:
        return max(-self.left, 0)


class Counting:
    """Everything that the clocks of some tickets need, read once: four SQL queries."""

    def __init__(self, tickets: Iterable[Ticket]):
        rows = [t for t in tickets if t.status in OPEN]
        places = {t.clock_desk_id for t in rows} | {t.offered_to_id for t in rows}
        places.discard(None)
        self._codes = _district_codes(places)
        self._layers = layers_of({"", *self._codes.values()}) if rows else {"": Layers({}, {})}
        self._limits: dict[tuple[int, str], list[LocalLimit]] = defaultdict(list)
        self._extensions: dict[int, list[Extension]] = defaultdict(list)
        if rows:
            for limit in LocalLimit.objects.filter(desk__in=places):
                self._limits[limit.desk_id, limit.clock].append(limit)
            granted = Extension.objects.filter(ticket__in=rows).select_related("granted_by__staff")
            for extension in granted:
                self._extensions[extension.ticket_id].append(extension)

    def main(self, ticket: Ticket) -> Clock | None:
        """The desk's own clock, to accept or to answer; None where nothing is to be done."""
        if ticket.status not in OPEN:
            return None
        return clock(ticket.clock_from, self.parts(ticket), self.table(ticket.clock_desk_id))

    def running(self, ticket: Ticket, on: date) -> Running | None:
        found = self.main(ticket)
        return None if found is None else self._run(ticket, self.limit(ticket), found, on)

    def taking(self, ticket: Ticket, on: date) -> Running | None:
        """The clock of the desk to which it is offered; None where it is offered to none."""
        if ticket.status not in MOVING:
            return None
        limit = limit_of("take")
        part = Part(limit.days, limit.unit, _source_words(limit))
        found = clock(ticket.offered_on, [part], self.table(ticket.offered_to_id))
        return Running(_("接收移交"), limit, limit, found, found.light(on, 0), found.left(on))

    def _run(self, ticket: Ticket, limit: Limit, found: Clock, on: date) -> Running:
        what = _("答复") if ticket.accepted_on else _("受理")
        light = found.light(on, amber_days())
        return Running(what, limit, limit_of(limit.clock), found, light, found.left(on))

    def limit(self, ticket: Ticket) -> Limit:
        """The limit in force where and when the clock began: later ones change nothing of it."""
        name = "handle" if ticket.accepted_on else "accept"
        for row in self._limits[ticket.clock_desk_id, name]:
            if row.holds_on(ticket.clock_from):
                return Limit(name, row.days, row.unit, row.document, is_stricter=True)
        return limit_of(name)

    def parts(self, ticket: Ticket) -> list[Part]:
        limit = self.limit(ticket)
        parts = [Part(limit.days, limit.unit, _source_words(limit))]
        if ticket.accepted_on:
            parts += [
                Part(each.days, "calendar", each.reason, _granted_words(each))
                for each in self._extensions[ticket.pk]
                if each.round == ticket.round
            ]
        return parts

    def table(self, desk_id: int) -> Table:
        return self._layers_of(desk_id).table

    def _layers_of(self, desk_id: int) -> Layers:
        return self._layers[self._codes.get(desk_id, "")]

    def moves(self, ticket: Ticket) -> list[Move[date]]:
        """Which changes of the days off since its clock began moved it. One SQL query."""
        began = _midnight(ticket.clock_from, ticket.received_at)
        changes = changes_since(began, self._codes.get(ticket.clock_desk_id, ""))
        layers = self._layers_of(ticket.clock_desk_id)
        return moves(ticket.clock_from, self.parts(ticket), layers, changes)


def clock_of(ticket: Ticket) -> Clock | None:
    return Counting([ticket]).main(ticket)


def extended_days(ticket: Ticket) -> int:
    """By how many days this round was extended so far."""
    rows = ticket.extensions.filter(round=ticket.round)
    return rows.aggregate(total=Sum("days"))["total"] or 0


def answered_on(ticket: Ticket, ended_at: datetime | None) -> date:
    """The day from which the days to reopen are counted."""
    return localtime(ended_at or ticket.changed_at).date()


def days_off_of(desk: Place) -> Table:
    """The days off as the people of a desk have them: the city's and their district's own."""
    code = desk.code if desk.kind == Place.Kind.DISTRICT else ""
    return layers_of([code])[code].table


def _district_codes(places: set[int]) -> dict[int, str]:
    """{desk: code of its district, empty for the city}"""
    rows = Place.objects.filter(pk__in=places).values_list("pk", "kind", "code")
    return {pk: code if kind == Place.Kind.DISTRICT else "" for pk, kind, code in rows}


def _source_words(limit: Limit) -> str:
    if limit.is_own:
        return _("没有文件规定，是本系统的参数")
    return limit.source


def _granted_words(extension: Extension) -> str:
    post = extension.granted_by
    return _("%(day)s由%(role)s批准") % {
        "day": day_words(extension.granted_on),
        "role": post.get_role_display(),
    }


def _midnight(day: date, aware: datetime) -> datetime:
    local = localtime(aware)
    start = local.replace(
        year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0
    )
    # On the day on which it came the clock began with it.
    return local if local.date() == day else start
