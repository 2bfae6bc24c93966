"""Who may see and work on a ticket, and what may be done with it in which state."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import (
    TICKET_HANDLE,
    TICKET_OVERSEE,
    holds,
    may,
    places_with,
)
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Containment, Place, SchoolClass
from gongyu.ground.secrets.fields import digest
from gongyu.ground.staff.models import Role

from .kinds import FINDINGS, KINDS, REJECTIONS
from .models import Ticket
from .parameters import Limit
from .shapes import Answer, SentOn, Told
from .states import MOVING, leads_to

DESK_KINDS = (Place.Kind.DISTRICT, Place.Kind.CITY)
MOST_YUAN = Decimal("10000000")


class TicketFault(ValueError):
    """What cannot be done; `field` names the form's field (empty: the whole form)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


# Who


def works_on_tickets(actor: Actor | None) -> bool:
    return holds(actor, TICKET_HANDLE) or holds(actor, TICKET_OVERSEE)


def own_desks(actor: Actor | None) -> frozenset[int]:
    """The desks at which the actor handles; a handler's post reaches its own desk and none below."""
    return actor.scopes(Role.COMPLAINT_HANDLER) if actor is not None else frozenset()


def may_work_at(actor: Actor | None, desk_id: int | None, on: date) -> bool:
    """Whether the actor works on the tickets of a desk: its handler, or an officer who reaches it."""
    if may(actor, TICKET_OVERSEE, desk_id, on):
        return True
    return desk_id in own_desks(actor) and may(actor, TICKET_HANDLE, desk_id, on)


def may_oversee(actor: Actor | None, desk_id: int | None, on: date) -> bool:
    return may(actor, TICKET_OVERSEE, desk_id, on)


def desks_of(actor: Actor | None, on: date) -> QuerySet[Place]:
    """The desks on whose tickets the actor works."""
    if actor is None:
        return Place.objects.none()
    return Place.objects.filter(_desk_condition("pk", actor, on), kind__in=DESK_KINDS)


def tickets_visible_to(actor: Actor | None, on: date) -> QuerySet[Ticket]:
    """Those at the actor's desks and those offered to them, but none about a place in which the
    actor holds a post."""
    if not works_on_tickets(actor):
        return Ticket.objects.none()
    seen = _desk_condition("desk", actor, on) | _desk_condition("offered_to", actor, on)
    return Ticket.objects.filter(seen).exclude(about__in=_own_places(actor, on))


def may_read(actor: Actor | None, ticket: Ticket, on: date) -> bool:
    """True exactly for `tickets_visible_to`."""
    if not works_on_tickets(actor) or is_concerned(actor, ticket, on):
        return False
    return may_work_at(actor, ticket.desk_id, on) or may_work_at(actor, ticket.offered_to_id, on)


def may_act(actor: Actor | None, ticket: Ticket, on: date) -> bool:
    """Whoever works at the desk that owns it."""
    return may_work_at(actor, ticket.desk_id, on) and not is_concerned(actor, ticket, on)


def may_receive(actor: Actor | None, ticket: Ticket, on: date) -> bool:
    """Whoever works at the desk to which it is offered."""
    offered = ticket.offered_to_id is not None
    return offered and may_work_at(actor, ticket.offered_to_id, on) and not is_concerned(
        actor, ticket, on
    )  # fmt: skip


def may_extend(actor: Actor | None, ticket: Ticket, on: date) -> bool:
    """More time is granted by an officer, never by the handler who wants it."""
    return may_oversee(actor, ticket.desk_id, on) and not is_concerned(actor, ticket, on)


def is_concerned(actor: Actor | None, ticket: Ticket, on: date) -> bool:
    """Whether the actor holds a post in the school or class concerned: then it does not exist."""
    return _own_places(actor, on).filter(place=ticket.about_id).exists()


def _own_places(actor: Actor, on: date) -> QuerySet[Containment]:
    """Everything in the schools where the actor holds a post today."""
    posts = actor.posts if actor is not None else ()
    schools = {p.scope_id for p in posts if p.scope_kind in (Place.Kind.SCHOOL, Place.Kind.CAMPUS)}
    classes = [p.scope_id for p in posts if p.scope_kind == Place.Kind.CLASS]
    if classes:
        schools |= set(
            SchoolClass.objects.filter(place__in=classes).values_list("school_id", flat=True)
        )
    return Containment.objects.on(on).filter(ancestor__in=schools).values("place_id")


def _desk_condition(field: str, actor: Actor, on: date) -> Q:
    handled = places_with(actor, TICKET_HANDLE, on=on).filter(place__in=own_desks(actor))
    overseen = places_with(actor, TICKET_OVERSEE, on=on)
    return Q(**{f"{field}__in": handled}) | Q(**{f"{field}__in": overseen})


def sent_digest(key: str) -> str:
    """By which a form that was sent twice is known; it says nothing of who sent it."""
    return digest("ticket-sent", key)


# In which state


def check_told(told: Told, place: Place | None, on: date) -> None:
    """Raises TicketFault."""
    kind = KINDS.get(told.kind)
    if kind is None or not kind.offered:
        raise TicketFault(_("请选择是哪一类问题；说不清就选最后一项。"), "kind")
    wanted = (Place.Kind.SCHOOL, Place.Kind.CLASS)
    if place is None or place.kind not in wanted or not place.holds_on(on):
        raise TicketFault(_("请选择是哪所学校。"), "place")
    check_yuan(told.amount, "amount")


def check_yuan(amount: Decimal | None, field: str) -> None:
    if amount is not None and not 0 <= amount < MOST_YUAN:
        raise TicketFault(_("请填写金额，单位是元，例如 300。不清楚就空着。"), field)


def check_step(ticket: Ticket, step: str) -> str:
    """The status after the step. Raises TicketFault where there is no such step from here."""
    following = leads_to(ticket.status, step)
    if following is None:
        raise TicketFault(
            _("这一件现在是“%(label)s”，不能这样办。页面可能旧了，请刷新后再看。")
            % {"label": ticket.label}
        )
    return following


def check_answer(ticket: Ticket, answer: Answer) -> None:
    """Raises TicketFault: nothing found, no words, or more paid back than can be."""
    if answer.finding not in FINDINGS and not ticket.is_trial:
        raise TicketFault(_("请选择查实的情况。"), "finding")
    if not answer.words.strip():
        raise TicketFault(_("请写明查了什么、怎样处理，投诉人会看到。"), "words")
    check_yuan(answer.paid_back, "paid_back")


def check_rejection(reason: str, words: str) -> None:
    if reason not in REJECTIONS:
        raise TicketFault(_("请选择不予受理的法定理由。"), "reason")
    if not words.strip():
        raise TicketFault(_("请告诉投诉人可以怎么办，例如该找哪个部门。"), "words")


def check_sent_on(sent: SentOn) -> None:
    if not sent.body.strip():
        raise TicketFault(_("请写明转送给哪个机关。"), "body")
    if not sent.words.strip():
        raise TicketFault(_("请告诉投诉人为什么转送、可以找谁问。"), "words")


def check_extension(days: int, reason: str, *, already: int, most: int, late: bool) -> None:
    """Raises TicketFault: no reason, too long in all, or when it is late already."""
    if not reason.strip():
        raise TicketFault(_("请写明为什么需要延长，投诉人会看到。"), "words")
    if days < 1 or already + days > most:
        raise TicketFault(
            _("这一轮最多延长%(most)d日，已延长%(already)d日。")
            % {"most": most, "already": already},
            "days",
        )
    if late:
        raise TicketFault(_("期限已经过了，不能事后延长。请尽快答复，并向投诉人说明。"))


def check_hand_over(ticket: Ticket, desk: Place | None, words: str, on: date) -> Place:
    """Raises TicketFault: no such desk, the own one, or no reason."""
    if desk is None or desk.kind not in DESK_KINDS or not desk.holds_on(on):
        raise TicketFault(_("请选择移交给哪里。"), "to")
    if desk.pk == ticket.desk_id:
        raise TicketFault(_("这一件本来就在这里，请选择另一处。"), "to")
    if not words.strip():
        raise TicketFault(_("请写明为什么移交，对方和投诉人都会看到。"), "words")
    return desk


def check_can_reopen(ticket: Ticket, ended_on: date, limit: Limit, on: date) -> None:
    """Within the limit after the answer. Raises TicketFault."""
    if on > ended_on + timedelta(days=limit.days):
        raise TicketFault(
            _("答复已经过了%(days)d日，这一件不能再继续。有新的情况，请重新投诉。")
            % {"days": limit.days}
        )


def is_moving(ticket: Ticket) -> bool:
    return ticket.status in MOVING


def check_limit(limit: Limit, days: int, unit: str, document: str, most: date, due: date) -> None:
    """A local limit is stricter than the plan's and names its document. `most` and `due` are the
    days on which the plan's and the local one would end, begun today. Raises TicketFault."""
    if not document.strip():
        raise TicketFault(_("没有文件的期限不能保存。请写明文件名称和文号。"), "document")
    if days < 1 or unit not in ("calendar", "working"):
        raise TicketFault(_("请填写天数，例如 30。"), "days")
    if due >= most:
        raise TicketFault(
            _("要比%(source)s的%(days)d日更短。") % {"source": limit.source, "days": limit.days},
            "days",
        )
