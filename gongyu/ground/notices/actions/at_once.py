"""PostgreSQL: an answer, the end of the calls to others, its audit row and its fact in one statement,
for all families confirm in the same ten minutes."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actions import Deed
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger import actions as ledger
from gongyu.ground.seal.one_statement import change_and_tell

from .. import facts, queries
from ..models import Delivery
from ..words import digest_of_token

_KNOWN = "SELECT %s::bigint, %s::bigint, %s::text, %s::text"
_BY_LINK = """
SELECT found.id, found.place_id, found.kind, found.basis
FROM ({found}) AS found (id, place_id, kind, basis, choices)
WHERE %s::integer < GREATEST(jsonb_array_length(found.choices), 1)"""
# The row is locked first, so that of two who answer at once one is the first.
_ANSWER = """
behind (id, place_id, kind, basis) AS ({behind}),
before AS (
  SELECT own.id, own.notice_id, own.family_id, own.status NOT IN ('answered', 'handed') AS is_first,
         behind.place_id, behind.kind, behind.basis
  FROM notices_delivery AS own JOIN behind ON behind.id = own.id
  WHERE own.status <> 'stopped' FOR UPDATE OF own
), done AS (
  UPDATE notices_delivery AS own
  SET status = 'answered', answer = %s::smallint, answered_at = %s::timestamptz,
      answered_way = %s::text, next_at = NULL
  FROM before WHERE own.id = before.id
  RETURNING before.is_first, before.place_id, before.kind
), others AS (
  UPDATE notices_delivery AS other SET status = 'told', next_at = NULL
  FROM before WHERE before.basis <> '' AND other.notice_id = before.notice_id
    AND other.family_id = before.family_id AND other.family_id <> 0
    AND other.status IN ('due', 'to_hand') AND other.id <> before.id
)"""


def answer_known(
    delivery: Delivery, choice: int, way: str, *, at: datetime, by: Actor
) -> bool | None:
    """Was it the first answer? None where the notice ended in this very moment."""
    notice = delivery.notice
    known = [delivery.pk, notice.place_id, notice.kind, notice.basis]
    return _keep(_KNOWN, known, delivery.pk, choice, way, at, by)


def answer_behind(
    message_id: int, token: str, delivery_id: int, choice: int, *, at: datetime, by: Actor
) -> bool | None:
    """The same behind a message's link, looked up and kept at once. None where there is nothing to
    answer so, which `queries.to_answer` can say the reason of."""
    found = queries.answerable.part(  # type: ignore[attr-defined]
        message_id, delivery_id, digest_of_token(token), localdate(at)
    )
    if found is None:
        return None
    sql, params = found
    behind = _BY_LINK.format(found=sql)
    way = str(Delivery.Way.BOX)
    return _keep(behind, [*params, choice], delivery_id, choice, way, at, by)


def _keep(
    behind: str, params: list, delivery_id: int, choice: int, way: str, at: datetime, by: Actor
) -> bool | None:
    deed = Deed("notice.answer", ("delivery", delivery_id), None, detail={"way": way})
    fact = facts.reached(delivery_id, 0, "", way, localdate(at))
    found = change_and_tell(
        _ANSWER.format(behind=behind),
        [*params, choice, at, str(way)],
        [
            audit.told(deed, by=by).taking(place_id="place_id"),
            ledger.told(fact, by=by, only="is_first").taking(
                subject_id="place_id", place_id="place_id", detail="kind"
            ),
        ],
    )
    return found[0][0] if found else None
