"""What claimed messages say, and to which address: written at the last moment, so that it is true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.timezone import localdate

from gongyu.ground.people.models import Child
from gongyu.ground.places.models import Place

from ..models import Carried, Delivery, DeliveryChild, Outgoing
from ..queries_recipients import carers_by_child
from ..ways import ways_of
from ..words import Item, compose, link_of

_NOT_ANY_MORE = {"stopped", "answered", "handed"}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to be handed over; without an address the carer has none on this path."""

    address: str = field(repr=False)
    digest: str
    subject: str = field(repr=False)
    words: str = field(repr=False)
    link: str = field(repr=False)


def letters_for(messages: Sequence[Outgoing], at: datetime) -> dict[int, Letter]:
    """{message: letter}. None for a message with nothing left to say: its notices are withdrawn or
    answered meanwhile, or its reader may no longer be told. Seven queries however many."""
    on = localdate(at)
    carried: dict[int, list[Delivery]] = defaultdict(list)
    rows = Carried.objects.filter(message__in=[one.pk for one in messages])
    for row in rows.select_related("delivery__notice").order_by("pk"):
        if row.delivery.status not in _NOT_ANY_MORE:
            carried[row.message_id].append(row.delivery)
    deliveries = [one for several in carried.values() for one in several]
    children: dict[int, list[int]] = defaultdict(list)
    pairs = DeliveryChild.objects.filter(delivery__in=[one.pk for one in deliveries])
    for delivery_id, child_id in pairs.order_by("pk").values_list("delivery_id", "child_id"):
        children[delivery_id].append(child_id)
    everybody = {child_id for several in children.values() for child_id in several}
    carers = carers_by_child(everybody, on)
    names = dict(Child.objects.filter(pk__in=everybody).values_list("pk", "name"))
    senders = senders_of(deliveries)
    ways = ways_of({one.carer_id for one in messages}, at)
    found = {}
    for message in messages:
        items = []
        for delivery in carried[message.pk]:
            told = [
                names[child_id]
                for child_id in children[delivery.pk]
                if (message.carer_id, True) in carers[child_id]
            ]
            if told:
                items.append(
                    Item(delivery.notice, senders[delivery.notice.department_id], tuple(told))
                )
        if items:
            way = next((w for w in ways.get(message.carer_id, ()) if w.path == message.path), None)
            subject, words = compose(message.path, items, is_digest=message.is_digest)
            found[message.pk] = Letter(
                way.address if way else "",
                way.digest if way else "",
                subject,
                words,
                link_of(message.pk, message.key),
            )
    return found


def senders_of(deliveries: Sequence[Delivery]) -> dict[int, str]:
    """{department or school: its name}, which stands before every message."""
    ids = {one.notice.department_id for one in deliveries}
    return dict(Place.objects.filter(pk__in=ids).values_list("pk", "name"))
