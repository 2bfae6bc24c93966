"""A ticket as the asker reads it with number and code: every step, the clock, the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .. import receipts
from ..kinds import FINDINGS
from ..models import Ticket
from ..parameters import limit_of
from ..states import leads_to
from .counting import Counting, Running
from .describing import ABOUT, StepLine, about_words, office_words, steps_of


@dataclass(frozen=True, slots=True)
class Followed:
    """What the asker sees. Neither the own words nor the contact stand in it, for a phone may be
    in other hands. `reopen_until` is the last day to reopen it; None where it cannot be."""

    ticket: Ticket
    number: str
    about: str
    office: str
    steps: list[StepLine]
    running: Running | None
    finding: str
    paid_back: Decimal | None
    reopen_until: date | None
    may_say: bool


def ticket_by_receipt(number: str, code: str) -> Ticket | None:
    """The ticket that both open together. Whether the number or the code is wrong makes no
    difference, nor in what is asked of the database."""
    plain = receipts.plain_number(number)
    kept = receipts.digest_of(plain, code)
    rows = Ticket.objects.filter(number=plain, code_digest=kept, is_trial=False)
    return rows.select_related(*ABOUT).first()


def followed(ticket: Ticket, on: date) -> Followed:
    rows = list(ticket.steps.select_related("desk", "other_desk"))
    return Followed(
        ticket=ticket,
        number=receipts.shown_number(ticket.number),
        about=about_words(ticket.about),
        office=office_words(ticket.desk),
        steps=steps_of(rows, inside=False),
        running=Counting([ticket]).running(ticket, on),
        finding=str(FINDINGS.get(ticket.finding, "")),
        paid_back=ticket.paid_back,
        reopen_until=_reopen_until(ticket, on),
        may_say=leads_to(ticket.status, "content") is not None,
    )


def _reopen_until(ticket: Ticket, on: date) -> date | None:
    if leads_to(ticket.status, "reopen") is None or ticket.ended_at is None:
        return None
    last = localtime(ticket.ended_at).date() + timedelta(days=limit_of("reopen").days)
    return last if on <= last else None


def light_words(running: Running | None) -> str:
    """`还有12日` or `已超过3日`; empty where no clock runs."""
    if running is None:
        return ""
    if running.left < 0:
        return _("已超过%(n)d日") % {"n": -running.left}
    return _("今天到期") if running.left == 0 else _("还有%(n)d日") % {"n": running.left}
