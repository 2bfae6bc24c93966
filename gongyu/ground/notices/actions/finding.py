"""Which carers a school's WeCom knows: the addresses that its notices need, by the roster's telephone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Carer
from gongyu.ground.people.roster.known import CARER_PHONE
from gongyu.ground.secrets.fields import digest

from ..models import WayTo
from ..ways import REPLACED, address_digest

_AT_ONCE = 900  # below the parameter limit of every SQLite


@transaction.atomic
def take_wecom_addresses(parents: Mapping[str, str], *, at: datetime, by: Actor) -> int:
    """`parents` are {telephone: parent_userid} of everybody who follows the school's notices there now.
    Carers with such a number are told there first, unless they chose otherwise; whoever is gone from
    it is told as before. An empty book changes nothing: it is more likely a fault. Returns how many
    carers are told otherwise than before."""
    if not parents:
        return 0
    wanted = {digest(CARER_PHONE, phone): userid for phone, userid in parents.items()}
    held = {way.carer_id: way for way in WayTo.objects.filter(path="wecom", ended_at__isnull=True)}
    there: dict[int, str] = dict(_carers_with(wanted))
    gone = [way.pk for pk, way in held.items() if there.get(pk) != way.address]
    for start in range(0, len(gone), _AT_ONCE):
        some = WayTo.objects.filter(pk__in=gone[start : start + _AT_ONCE])
        some.update(ended_at=at, reason=REPLACED)
    fresh = [pk for pk, userid in there.items() if pk not in held or held[pk].address != userid]
    for pk in fresh:
        WayTo.objects.update_or_create(
            carer_id=pk,
            path="wecom",
            address_digest=address_digest(there[pk]),
            defaults={
                "address": there[pk],
                "position": held[pk].position if pk in held else 2,
                "from_at": at,
                "ended_at": None,
                "reason": "",
            },
        )
    record(
        "notice.find_wecom",
        by=by,
        subject=("carer", None),
        detail={"found": len(fresh), "gone": len(gone)},
    )
    return len(fresh) + len(gone)


def _carers_with(wanted: Mapping[str, str]) -> Iterable[tuple[int, str]]:
    digests = sorted(wanted)
    for start in range(0, len(digests), _AT_ONCE):
        rows = Carer.objects.filter(phone_digest__in=digests[start : start + _AT_ONCE])
        for pk, phone_digest in rows.values_list("pk", "phone_digest"):
            yield pk, wanted[phone_digest]
