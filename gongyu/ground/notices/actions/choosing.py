"""A carer says how to be told: which way first, and an e-mail address that was shown to be the own one."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from ..models import WayTo
from ..rules import NoticeFault
from ..ways import (
    EMAIL_CODE_LASTS,
    MOST_WRONG,
    REPLACED,
    TOO_MANY,
    UNCONFIRMED,
    address_digest,
    email_code,
)


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


@transaction.atomic
def prefer_way(carer_id: int, path: str, *, at: datetime, by: Actor) -> None:
    """This path first, the others after it. Raises NoticeFault for mail without an address."""
    address = ""
    if path == "email":
        own = WayTo.objects.filter(carer=carer_id, path="email", ended_at__isnull=True).first()
        if own is None:
            raise NoticeFault(_("还没有验证过的电子邮箱。请先在下面添加。"))
        address = own.address
    others = WayTo.objects.filter(carer=carer_id, ended_at__isnull=True).exclude(path=path)
    others.update(position=2)
    choose_way(carer_id, path, address, 1, at=at, by=by)


@transaction.atomic
def ask_email(carer_id: int, address: str, *, at: datetime, by: Actor) -> WayTo:
    """An address that waits for its code; until then nothing is sent there but the code. Raises
    NoticeFault for one that is in use already."""
    mark = address_digest(address)
    known = WayTo.objects.filter(carer=carer_id, path="email", address_digest=mark)
    if known.filter(ended_at__isnull=True).exists():
        raise NoticeFault(_("这个邮箱已经在用了。"))
    # The newest counts; a former one that still waits is let go.
    _waiting(carer_id).exclude(address_digest=mark).update(reason=REPLACED)
    way, _is_new = WayTo.objects.update_or_create(
        carer_id=carer_id,
        path="email",
        address_digest=mark,
        defaults={
            "address": address,
            "position": 2,
            "from_at": at,
            "ended_at": at,
            "reason": UNCONFIRMED,
            "wrong": 0,
        },
    )
    record("notice.ask_email", by=by, subject=("carer", carer_id))
    return way


def _waiting(carer_id: int):
    return WayTo.objects.filter(carer=carer_id, path="email", reason=UNCONFIRMED)


@transaction.atomic
def confirm_email(carer_id: int, typed: str, *, at: datetime, by: Actor) -> bool:
    """Was it the code? Then the address is told from now on, and a former one no more. A wrong code
    is counted; after five the address must be asked for anew."""
    way = _waiting(carer_id).select_for_update().filter(from_at__gt=at - EMAIL_CODE_LASTS).first()
    digits = "".join(str(int(c)) for c in typed if c.isdecimal())
    if way is None or not compare_digest(email_code(way), digits):
        if way is not None:
            reason = TOO_MANY if way.wrong + 1 >= MOST_WRONG else UNCONFIRMED
            WayTo.objects.filter(pk=way.pk).update(wrong=F("wrong") + 1, reason=reason)
        record("notice.miss_email", by=by, subject=("carer", carer_id))
        return False
    former = WayTo.objects.filter(carer=carer_id, path="email", ended_at__isnull=True)
    position = former.values_list("position", flat=True).first() or 2
    former.update(ended_at=at, reason=REPLACED)
    way.position, way.ended_at, way.reason, way.wrong = position, None, "", 0
    way.save(update_fields=["position", "ended_at", "reason", "wrong"])
    record("notice.confirm_email", by=by, subject=("carer", carer_id))
    return True


@transaction.atomic
def end_email(carer_id: int, *, at: datetime, by: Actor) -> None:
    """No mail any more, and nothing of the address is kept."""
    rows = WayTo.objects.filter(carer=carer_id, path="email")
    if rows.exists():
        rows.delete()
        record("notice.end_email", by=by, subject=("carer", carer_id))
