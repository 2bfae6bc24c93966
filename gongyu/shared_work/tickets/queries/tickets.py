"""One ticket as the desk reads it: what was told, its clock day by day, what may be done now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.audit.protected import deeds_of
from gongyu.ground.holidays.moves import Move
from gongyu.ground.places.models import Place
from gongyu.ground.places.queries import city

from .. import receipts, rules
from ..kinds import FINDINGS, KINDS
from ..models import Ticket
from ..owners import Owner, owners_of
from ..parameters import ExtensionRule, extension_rule
from ..states import MOVING, STEPS, TICKET
from .counting import Counting, Running, extended_days
from .describing import ABOUT, StepLine, about_words, office_words, steps_of

# What is kept in the protected log besides the steps.
READINGS = {"read": _("打开看过"), "follow": _("用编号和查询码看过")}


@dataclass(frozen=True, slots=True)
class DeedLine:
    """One deed or reading: who, what in words, when."""

    name: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketPage:
    """`can` are the steps that this reader may take now. `deeds` are who did and read what, for the
    one above."""

    ticket: Ticket
    number: str
    kind: str
    about: str
    office: str
    owner: Owner | None
    finding: str
    steps: list[StepLine]
    running: Running | None
    taking: Running | None
    moves: list[Move]
    can: frozenset[str]
    extension: ExtensionRule
    extended: int
    deeds: list[DeedLine]


def ticket_for(actor: Actor | None, token: str, on: date) -> Ticket | None:
    """A ticket that the actor may read, or None."""
    found = Ticket.objects.filter(token=token).select_related(*ABOUT, "handler__staff").first()
    return found if found is not None and rules.may_read(actor, found, on) else None


def ticket_page(ticket: Ticket, actor: Actor, on: date) -> TicketPage:
    counting = Counting([ticket])
    running = counting.running(ticket, on)
    rows = list(ticket.steps.select_related("desk", "other_desk"))
    oversees = rules.may_oversee(actor, ticket.desk_id, on)
    return TicketPage(
        ticket=ticket,
        number=receipts.shown_number(ticket.number),
        kind=str(KINDS[ticket.kind].label),
        about=about_words(ticket.about),
        office=office_words(ticket.desk),
        owner=owners_of([ticket.desk], on).get(ticket.desk_id),
        finding=str(FINDINGS.get(ticket.finding, "")),
        steps=steps_of(rows, inside=True),
        running=running,
        taking=counting.taking(ticket, on),
        moves=counting.moves(ticket) if running else [],
        can=_can(ticket, actor, on),
        extension=extension_rule(),
        extended=extended_days(ticket),
        deeds=_deeds(ticket) if oversees else [],
    )


def _deeds(ticket: Ticket) -> list[DeedLine]:
    words = {f"ticket.{step}": label for step, label in {**STEPS, **READINGS}.items()}
    return [
        DeedLine(deed.name, str(words.get(deed.verb, deed.verb)), deed.at)
        for deed in deeds_of(ticket.token)
    ]


def _can(ticket: Ticket, actor: Actor, on: date) -> frozenset[str]:
    steps = set(TICKET[ticket.status]["to"])
    allowed: set[str] = set()
    if rules.may_act(actor, ticket, on):
        allowed |= steps & {"accept", "reject", "send_on", "hand_over", "begin", "answer", "keep"}
        allowed.add("note")
        if ticket.accepted_on and steps and ticket.ended_at is None:
            allowed |= _about_more_time(ticket, rules.may_extend(actor, ticket, on))
    if ticket.status in MOVING and rules.may_receive(actor, ticket, on):
        allowed |= steps & {"take", "give_back"}
    if ticket.is_trial:
        # A trial is only tried: it goes nowhere else.
        allowed = {"try"} if allowed & {"accept", "answer"} else set()
    return frozenset(allowed)


def _about_more_time(ticket: Ticket, decides: bool) -> set[str]:
    asked = ticket.asked_days is not None
    if decides:
        return {"extend", "refuse_more"} if asked else {"extend"}
    return set() if asked else {"ask_more"}


def desks_to_choose(ticket: Ticket, on: date) -> list[Place]:
    """Where it can be handed over: the other districts, and the city."""
    rows = Place.objects.on(on).filter(kind=Place.Kind.DISTRICT).exclude(pk=ticket.desk_id)
    whole = city()
    above = [whole] if whole.pk != ticket.desk_id else []
    return [*above, *rows.order_by("code")]
