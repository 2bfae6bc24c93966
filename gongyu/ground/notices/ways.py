"""How carers are reached: the ways they have, in their order, without those that are known dead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from gongyu.ground.people.models import Carer
from gongyu.ground.secrets.fields import digest

from .channels.configured import paths_carried
from .models import WayTo
from .shapes import Way

_KIND = "notice-address"
EMAIL_CODE_LASTS = timedelta(minutes=30)
MOST_WRONG = 5
# Why a way is none: its code is awaited, was wrong too often, or another address came in its place.
UNCONFIRMED, TOO_MANY, REPLACED = "unconfirmed", "too_many", "replaced"


def address_digest(address: str) -> str:
    """By which an address is known again without being kept in clear."""
    return digest(_KIND, address)


def email_code(way: WayTo) -> str:
    """The six digits by which a carer shows that a mail reached it; another asking has others."""
    asked = round(way.from_at.timestamp() * 1_000_000)
    return str(int(digest("notice-email-code", f"{way.pk}:{asked}"), 16) % 10**6).zfill(6)


def ways_of(carer_ids: Iterable[int], moment: datetime) -> dict[int, list[Way]]:
    """{carer: ways in the order in which they are tried}; two SQL queries. Only paths that somebody
    carries here. A number that a provider called dead is left out until the roster has another."""
    ids = set(carer_ids)
    carried = paths_carried()
    chosen: dict[int, list[WayTo]] = defaultdict(list)
    dead: set[tuple[int, str, str]] = set()
    for row in WayTo.objects.filter(carer__in=ids).order_by("position", "pk"):
        if row.works_at(moment):
            chosen[row.carer_id].append(row)
        else:
            dead.add((row.carer_id, row.path, row.address_digest))
    numbers = Carer.objects.filter(pk__in=ids).values_list("pk", "phone", "other_phone")
    found: dict[int, list[Way]] = {}
    for carer_id, phone, other in numbers:
        ways: dict[str, Way] = {}
        wanted = [(row.path, row.address) for row in chosen[carer_id]]
        for path, address in [*wanted, ("sms", ""), ("voice", "")]:
            if path not in carried or path in ways:
                continue
            for one in [address] if address else [phone, other]:
                mark = address_digest(one) if one else ""
                if one and (carer_id, path, mark) not in dead:
                    ways[path] = Way(path, one, mark)
                    break
        found[carer_id] = list(ways.values())
    return found
