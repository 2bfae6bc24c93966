"""What becomes of deliveries when a message did not arrive; and reports that come later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ..clock import after_quiet
from ..models import Delivery, Outgoing, WayTo

# The address itself is at fault, for every provider, until the roster has another.
DEAD_ADDRESS = frozenset({"no_address", "bad_address", "opted_out", "not_subscribed"})


def did_not_arrive(message: Outgoing, at: datetime, *, surely: bool = True) -> None:
    """The families are told another way at once. Where it may have arrived all the same, only what
    must reach somebody goes on. Needs a transaction."""
    if message.reason in DEAD_ADDRESS and message.address_digest:
        WayTo.objects.update_or_create(
            carer_id=message.carer_id,
            path=message.path,
            address_digest=message.address_digest,
            defaults={"ended_at": at, "reason": message.reason},
            create_defaults={"from_at": at, "ended_at": at, "reason": message.reason},
        )
    then = at if message.kind == "safety" else after_quiet(at)
    carried = Delivery.objects.filter(messages__message=message, notice__status="open")
    ids = list(carried.values_list("pk", flat=True))
    rows = Delivery.objects.filter(pk__in=ids)
    rows.filter(status="due").update(next_at=then)
    if surely:
        told = rows.filter(status="told")
        told.filter(notice__kind="to_know").update(status="waiting", next_at=then)
        told.exclude(notice__kind="to_know").update(status="due", next_at=then)


@transaction.atomic
def report(message_key: str, channel: str, *, arrived: bool, reason: str, at: datetime) -> bool:
    """A provider reports what became of a message. The same report twice changes nothing. False
    when we know no such message of that provider, or know better."""
    row = (
        Outgoing.objects.select_for_update()
        .filter(key=message_key, channel=channel)
        .exclude(channel="")
        .first()
    )
    if row is None:
        return False
    if arrived and row.status in {"sending", "unknown", "sent", "dead"}:
        row.status, row.sent_at, row.claim, row.reason = "delivered", row.sent_at or at, "", ""
        row.save(update_fields=["status", "sent_at", "claim", "reason"])
        return True
    if not arrived and row.status in {"sending", "unknown", "sent"}:
        row.status, row.claim, row.reason = "refused", "", reason[:24]
        row.save(update_fields=["status", "claim", "reason"])
        did_not_arrive(row, at)
        return True
    return False
