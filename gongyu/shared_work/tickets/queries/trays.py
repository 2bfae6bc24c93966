"""The tray of a desk: what came in, by when, from whom, and whose turn it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place

from .. import receipts, rules
from ..clocks import RED
from ..models import Ticket
from ..states import OPEN
from .counting import Counting, Running
from .describing import ABOUT, about_words
from .following import light_words

A_PAGE = 20
TABS = {
    "todo": _("待办"),
    "incoming": _("移交来的"),
    "waiting": _("已答复"),
    "done": _("已办结"),
}
_STATUSES = {"waiting": ("answered",), "done": ("closed", "rejected", "sent_on")}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the tray: the tab, words to look for, a kind, one desk, only what is late."""

    tab: str = "todo"
    words: str = ""
    kind: str = ""
    desk_id: int | None = None
    about_id: int | None = None
    late: bool = False
    number: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket in a list: no words, no contact."""

    token: str
    number: str
    kind: str
    about: str
    received_on: date
    label: str
    desk: str
    came_from: str
    running: Running | None
    left: str
    is_trial: bool
    round: int

    @property
    def light(self) -> str:
        return self.running.light if self.running else "calm"


@dataclass(frozen=True, slots=True)
class Tray:
    """`counts` by tab leave trials in, for they are work too. `late` and `soon` are of the open."""

    asked: Asked
    lines: list[Line]
    page: Page
    counts: dict[str, int]
    desks: list[Place]
    desk_id: int | None

    @property
    def tabs(self) -> list[dict]:
        return [
            {
                "label": label,
                "url": f"?tab={code}",
                "current": code == self.asked.tab,
                "count": self.counts[code],
            }
            for code, label in TABS.items()
        ]

    @property
    def several_desks(self) -> bool:
        return len(self.desks) > 1


def tray(actor: Actor, asked: Asked, on: date, *, everything: bool = False) -> Tray:
    """The asked part of the tray; `everything` puts all its lines on one page."""
    desks = list(rules.desks_of(actor, on).order_by("code"))
    seen = rules.tickets_visible_to(actor, on)
    own = {desk.pk for desk in desks}
    rows = _narrowed(_of_tab(seen, asked.tab, own), asked)
    tickets = list(rows.select_related(*ABOUT).defer("words", "contact"))
    counting = Counting(tickets)
    lines = [line_of(ticket, counting, own, on) for ticket in tickets]
    if asked.late:
        lines = [line for line in lines if line.light == RED]
    lines = _ordered(lines)
    page = Paginator(lines, max(len(lines), 1) if everything else A_PAGE).get_page(asked.number)
    return Tray(
        asked=asked,
        lines=list(page.object_list),
        page=page,
        counts={tab: _of_tab(seen, tab, own).count() for tab in TABS},
        desks=desks,
        desk_id=desks[0].pk if len(desks) == 1 else None,
    )


def line_of(ticket: Ticket, counting: Counting, own: set[int], on: date) -> Line:
    incoming = ticket.offered_to_id in own and ticket.desk_id not in own
    running = counting.taking(ticket, on) if incoming else counting.running(ticket, on)
    return Line(
        token=ticket.token,
        number=receipts.shown_number(ticket.number),
        kind=str(ticket.kind_words),
        about=about_words(ticket.about),
        received_on=localtime(ticket.received_at).date(),
        label=str(ticket.label),
        desk=ticket.desk.name,
        came_from=_came_from(ticket, incoming),
        running=running,
        left=light_words(running),
        is_trial=ticket.is_trial,
        round=ticket.round,
    )


def _came_from(ticket: Ticket, incoming: bool) -> str:
    if ticket.is_trial:
        return _("拨测")
    if incoming:
        return _("%(place)s移交") % {"place": ticket.desk.name}
    return _("留了联系方式") if ticket.is_named else _("匿名")


def _of_tab(seen: QuerySet[Ticket], tab: str, own: set[int]) -> QuerySet[Ticket]:
    if tab == "incoming":
        return seen.filter(offered_to__in=own)
    if tab in _STATUSES:
        return seen.filter(status__in=_STATUSES[tab], desk__in=own)
    return seen.filter(status__in=OPEN, desk__in=own)


def _narrowed(rows: QuerySet[Ticket], asked: Asked) -> QuerySet[Ticket]:
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.desk_id:
        rows = rows.filter(desk=asked.desk_id)
    if asked.about_id:
        in_school = Q(about=asked.about_id) | Q(about__school_class__school=asked.about_id)
        rows = rows.filter(in_school)
    words = asked.words.strip()
    if words:
        named = Q(about__name__contains=words) | Q(
            about__school_class__school__name__contains=words
        )
        digits = receipts.plain_number(words)
        if digits:
            named |= Q(number__startswith=digits)
        rows = rows.filter(named)
    return rows


def _ordered(lines: list[Line]) -> list[Line]:
    """What is due first stands first; what has no clock, the newest first."""
    timed = [line for line in lines if line.running is not None]
    rest = [line for line in lines if line.running is None]
    timed.sort(key=lambda line: (line.running.due_on, line.received_on, line.number))
    rest.sort(key=lambda line: (line.received_on, line.number), reverse=True)
    return [*timed, *rest]
