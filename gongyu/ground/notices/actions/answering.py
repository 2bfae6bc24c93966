"""A family is reached: it answers in its box, by a key on the telephone, or on a slip handed over."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actions import Deed, record, record_many
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger import actions as ledger
from gongyu.ground.seal.one_statement import change_and_tell

from .. import facts
from ..models import Delivery, Outgoing
from ..rules import NoticeFault, check_can_answer, check_can_hand
from ..states import CLOSED, REACHED


def answer(delivery: Delivery, choice: int, *, way: str, at: datetime, by: Actor) -> bool:
    """Keep an answer (the index of the choice; 0 for 知道了). True when the family had not answered
    before; an answer may be changed as long as the notice holds. `delivery` comes with its notice.
    Raises NoticeFault. PostgreSQL does it in one statement, for all families confirm in the same ten
    minutes."""
    check_can_answer(delivery, choice, localdate(at))
    keep = _at_once if connection.vendor == "postgresql" else _step_by_step
    is_first = keep(delivery, choice, way, at, by)
    if is_first is None:
        raise NoticeFault(_("这条通知刚刚撤回或更正，不用回了。"))
    return is_first


def _step_by_step(
    delivery: Delivery, choice: int, way: str, at: datetime, by: Actor
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
            ledger.append(facts.reached(delivery.pk, delivery.notice, way, localdate(at)), by=by)
    return is_first


def _others_need_not(delivery: Delivery) -> None:
    """One of a family is enough: nobody else of it is called any more."""
    family = Delivery.objects.filter(notice=delivery.notice_id, family_id=delivery.family_id)
    family.exclude(family_id=0).filter(status__in=["due", "to_hand"]).update(
        status="told", next_at=None
    )


def _deed(delivery: Delivery, way: str) -> Deed:
    place_id = delivery.notice.place_id
    return Deed("notice.answer", ("delivery", delivery.pk), place_id, detail={"way": way})


# The row is locked first, so that of two who answer at once one is the first.
_ANSWER = """
before AS (
  SELECT id, notice_id, family_id, status NOT IN ('answered', 'handed') AS is_first
  FROM notices_delivery WHERE id = %s::bigint AND status <> 'stopped' FOR UPDATE
), done AS (
  UPDATE notices_delivery AS own
  SET status = 'answered', answer = %s::smallint, answered_at = %s::timestamptz,
      answered_way = %s::text, next_at = NULL
  FROM before WHERE own.id = before.id RETURNING before.is_first
)"""
_OTHERS = """, others AS (
  UPDATE notices_delivery AS other SET status = 'told', next_at = NULL
  FROM before WHERE other.notice_id = before.notice_id AND other.family_id = before.family_id
    AND other.family_id <> 0 AND other.status IN ('due', 'to_hand') AND other.id <> before.id
)"""


def _at_once(delivery: Delivery, choice: int, way: str, at: datetime, by: Actor) -> bool | None:
    """The same in one statement: all of it is kept, or nothing."""
    fact = facts.reached(delivery.pk, delivery.notice, way, localdate(at))
    found = change_and_tell(
        _ANSWER + (_OTHERS if delivery.notice.must_reach else ""),
        [delivery.pk, choice, at, str(way)],
        [audit.told(_deed(delivery, way), by=by), ledger.told(fact, by=by, only="is_first")],
    )
    return found[0][0] if found else None


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
        row.status, row.answer, row.answered_at = "answered", choice, at
        row.answered_way = Delivery.Way.SLIP
    row.save()
    record(
        "notice.hand_over",
        by=by,
        subject=("delivery", row.pk),
        place_id=row.hand_place_id,
    )
    ledger.append(facts.reached(row.pk, row.notice, Delivery.Way.SLIP, localdate(at)), by=by)
    return row
