"""A family is reached: it answers in its box, by a key on the telephone, or on a slip handed over."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import Deed, record, record_many
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger import actions as ledger
from gongyu.ground.ledger.shapes import NewFact

from .. import facts, queries
from ..models import Delivery, Outgoing
from ..rules import NoticeFault, check_can_answer, check_can_hand, check_may_consent
from ..states import CLOSED, REACHED
from ..words import token_of
from .at_once import answer_behind, answer_known


def answer(delivery: Delivery, choice: int, *, way: str, at: datetime, by: Actor) -> bool:
    """Keep an answer (the index of the choice; 0 for 知道了). True when the family had not answered
    before; an answer may be changed as long as the notice holds. `delivery` comes with its notice.
    Raises NoticeFault."""
    check_can_answer(delivery, choice, localdate(at))
    _check_consent(delivery, at)
    keep = answer_known if connection.vendor == "postgresql" else _step_by_step
    is_first = keep(delivery, choice, way, at=at, by=by)
    if is_first is None:
        raise NoticeFault(_("这条通知刚刚撤回或更正，不用回了。"))
    return is_first


def _check_consent(delivery: Delivery, at: datetime) -> None:
    if delivery.notice.asks_guardians:
        check_may_consent(delivery, queries.is_guardian_of_all(delivery, localdate(at)))


def answer_by_link(
    message_id: int, token: str, delivery_id: int, choice: int, *, at: datetime, by: Actor
) -> None:
    """Keep what a family answers behind the link of a message. Raises NoticeFault, the same for a
    wrong link and for somebody else's delivery."""
    if connection.vendor == "postgresql":
        known = answer_behind(message_id, token, delivery_id, choice, at=at, by=by)
        if known is not None:
            return
    row = queries.to_answer(message_id, delivery_id, localdate(at))
    if row is None or not compare_digest(token_of(message_id, row.message_key), token):
        raise NoticeFault(_("请选择一个答案。"))
    answer(row, choice, way=Delivery.Way.BOX, at=at, by=by)


def _step_by_step(
    delivery: Delivery, choice: int, way: str, *, at: datetime, by: Actor
) -> bool | None:
    """Was it the first answer? None where the notice ended in this very moment."""
    told = {"status": "answered", "answer": choice, "answered_at": at, "answered_way": way}
    with transaction.atomic():
        row = Delivery.objects.filter(pk=delivery.pk)
        is_first = bool(row.exclude(status__in=(*CLOSED, *REACHED)).update(next_at=None, **told))
        if not is_first and not row.filter(status__in=REACHED).update(**told):
            return None
        if delivery.notice.must_reach:
            _others_need_not(delivery)
        record_many([_deed(delivery, way)], by=by)
        if is_first:
            ledger.append(_reached(delivery, way, at), by=by)
    return is_first


def _others_need_not(delivery: Delivery) -> None:
    """One of a family is enough: nobody else of it is called any more."""
    family = Delivery.objects.filter(notice=delivery.notice_id, family_id=delivery.family_id)
    family.exclude(family_id=0).filter(status__in=["due", "to_hand"]).update(
        status="told", next_at=None
    )


def _reached(delivery: Delivery, way: str, at: datetime) -> NewFact:
    notice = delivery.notice
    return facts.reached(delivery.pk, notice.place_id, notice.kind, way, localdate(at))


def _deed(delivery: Delivery, way: str) -> Deed:
    place_id = delivery.notice.place_id
    return Deed("notice.answer", ("delivery", delivery.pk), place_id, detail={"way": way})


def answer_by_key(message: Outgoing, pressed: str, *, at: datetime, by: Actor) -> bool:
    """A key pressed during a call: 1 for the first choice, and so on. False for another key, or
    where nothing is to be answered any more."""
    if not (pressed.isascii() and pressed.isdigit()) or message.path != "voice":
        return False
    carried = message.carried.select_related("delivery__notice").first()
    if carried is None:
        return False
    try:
        answer(carried.delivery, int(pressed) - 1, way=Delivery.Way.VOICE, at=at, by=by)
    except NoticeFault:
        return False
    return True


@transaction.atomic
def hand_over(
    delivery: Delivery, choice: int | None = None, *, at: datetime, by: Actor
) -> Delivery:
    """A slip was handed over; with a choice, what the family said. Raises NoticeFault."""
    row = Delivery.objects.select_for_update().select_related("notice").get(pk=delivery.pk)
    check_can_hand(row)
    row.handed_at, row.handed_by_id, row.status, row.next_at = at, by.staff_id, "handed", None
    if choice is not None:
        check_can_answer(row, choice, localdate(row.notice.sent_at))
        if row.carer_id is not None:
            # Without a carer the school found out whom to ask, and had it from that person.
            _check_consent(row, at)
        row.status, row.answer, row.answered_at = "answered", choice, at
        row.answered_way = Delivery.Way.SLIP
    row.save()
    record(
        "notice.hand_over",
        by=by,
        subject=("delivery", row.pk),
        place_id=row.hand_place_id,
    )
    ledger.append(_reached(row, Delivery.Way.SLIP, at), by=by)
    return row
