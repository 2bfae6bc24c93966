"""Messages that could not be sent are looked after; a carer's ways are chosen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from ..models import Outgoing, WayTo
from ..rules import NoticeFault
from ..ways import address_digest


@transaction.atomic
def settle(message: Outgoing, *, by: Actor) -> None:
    """Somebody looked after a message that could not be sent: called, met, or corrected a number.
    Raises NoticeFault when it needs nobody any more."""
    changed = Outgoing.objects.filter(pk=message.pk, status="dead")
    if not changed.update(status="settled", settled_by=by.staff_id):
        raise NoticeFault(_("这条消息已经有人处理过了。"))
    record("notice.settle", by=by, subject=("message", message.pk))


@transaction.atomic
def choose_way(
    carer_id: int, path: str, address: str = "", position: int = 1, *, at: datetime, by: Actor
) -> WayTo:
    """How a carer wants to be reached: on this path first (position 1), at this address or, without
    one, the roster's telephone. An address that was dead works again from now on."""
    mark = address_digest(address) if address else ""
    way, is_new = WayTo.objects.get_or_create(
        carer_id=carer_id,
        path=path,
        address_digest=mark,
        defaults={"position": position, "address": address, "from_at": at},
    )
    if not is_new:
        way.position, way.ended_at, way.reason = position, None, ""
        way.save(update_fields=["position", "ended_at", "reason"])
    record(
        "notice.choose_way",
        by=by,
        subject=("carer", carer_id),
        detail={"path": path, "position": position},
    )
    return way
