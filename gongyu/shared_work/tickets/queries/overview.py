"""What the one above sees: each desk with who answers for it, what is open, soon due and late."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place

from .. import rules
from ..clocks import AMBER, RED
from ..models import Ticket
from ..owners import Owner, owners_of
from ..states import OPEN
from .counting import Counting
from .describing import ABOUT
from .trays import Line, line_of

LATE_SHOWN = 20


@dataclass(slots=True)
class DeskLine:
    """One desk; trials are not counted."""

    desk: Place
    owner: Owner | None
    open: int = 0
    amber: int = 0
    red: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    desks: list[DeskLine]
    late: list[Line] = field(default_factory=list)
    more: int = 0
    asking: list[Line] = field(default_factory=list)  # whose handlers ask for more time

    @property
    def open(self) -> int:
        return sum(line.open for line in self.desks)

    @property
    def amber(self) -> int:
        return sum(line.amber for line in self.desks)

    @property
    def red(self) -> int:
        return sum(line.red for line in self.desks)

    @property
    def busy(self) -> list[DeskLine]:
        return [line for line in self.desks if line.open]

    @property
    def quiet(self) -> list[DeskLine]:
        return [line for line in self.desks if not line.open]


@dataclass(frozen=True, slots=True)
class Glance:
    """For a home: what is to be done at the own desks, trials included, for they are work too."""

    open: int
    amber: int
    red: int
    incoming: int
    asking: int  # whose handlers ask for more time
    next: list[Line]


NEXT_SHOWN = 10


def glance(actor: Actor, on: date) -> Glance:
    """About seven SQL queries."""
    own = set(rules.desks_of(actor, on).values_list("pk", flat=True))
    rows = rules.tickets_visible_to(actor, on).filter(status__in=OPEN)
    tickets = list(rows.select_related(*ABOUT).defer("words", "contact"))
    counting = Counting(tickets)
    lines = [line_of(ticket, counting, own, on) for ticket in tickets]
    lines.sort(key=lambda line: (line.running.due_on, line.number))
    here = [t for t in tickets if t.desk_id in own]
    return Glance(
        open=len(here),
        amber=sum(line.light == AMBER for line in lines),
        red=sum(line.light == RED for line in lines),
        incoming=len(tickets) - len(here),
        asking=sum(t.asked_days is not None for t in here),
        next=lines[:NEXT_SHOWN],
    )


def overview(actor: Actor, on: date) -> Overview:
    """Every desk in reach, by the order of the districts: no ranking. About ten SQL queries."""
    desks = list(rules.desks_of(actor, on).order_by("kind", "code"))
    owners = owners_of(desks, on)
    lines = {desk.pk: DeskLine(desk, owners.get(desk.pk)) for desk in desks}
    rows = rules.tickets_visible_to(actor, on).filter(
        status__in=OPEN, is_trial=False, desk__in=lines
    )
    tickets = list(rows.select_related(*ABOUT).defer("words", "contact"))
    counting = Counting(tickets)
    late, asking = [], []
    for ticket in tickets:
        line = line_of(ticket, counting, set(lines), on)
        _count(lines[ticket.desk_id], ticket, line)
        if ticket.asked_days is not None:
            asking.append(line)
        if line.light == RED:
            late.append(line)
    for rows in (late, asking):
        rows.sort(key=lambda line: (line.running.due_on, line.number))
    more = max(len(late) - LATE_SHOWN, 0)
    return Overview(list(lines.values()), late[:LATE_SHOWN], more, asking)


def _count(desk: DeskLine, ticket: Ticket, line: Line) -> None:
    desk.open += 1
    desk.amber += line.light == AMBER
    desk.red += line.light == RED
    desk.reopened += ticket.round > 1
