"""All that planning must know of the deliveries at hand, asked in eight queries however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.timezone import localdate

from ..models import Carried, Delivery, DeliveryChild, Notice
from ..queries_budget import rung_in_week
from ..queries_recipients import carers_by_child, guardians_among
from ..shapes import Way
from ..ways import ways_of


@dataclass(frozen=True, slots=True)
class World:
    """As of a moment: children of each delivery, who may be told and called about each child, the
    ways of each carer, what was tried in this round, and how often each family was rung this week."""

    at: datetime
    children: dict[int, list[int]]
    carers: dict[int, list[tuple[int, bool]]]
    ways: dict[int, list[Way]]
    tried: dict[int, set[tuple[int, str]]]
    rung: dict[int, int]
    # (child, carer) of guardians, for what asks for consent.
    guardians: set[tuple[int, int]] = field(default_factory=set)

    def may_be_called(self, delivery: Delivery) -> bool:
        """May the delivery's carer still be told, and called, about one of its children?"""
        return delivery.carer_id in self.callable_carers(delivery)

    def callable(self, notice: Notice, child_id: int) -> list[int]:
        """Who may be called about a child, the daily carer first; guardians alone where the law asks
        for their consent."""
        return [
            carer_id
            for carer_id, called in self.carers.get(child_id, ())
            if called and (not notice.asks_guardians or (child_id, carer_id) in self.guardians)
        ]

    def callable_carers(self, delivery: Delivery) -> list[int]:
        """Everybody who may be called about a child of the delivery, its own carer first."""
        found = [
            carer_id
            for child_id in self.children.get(delivery.pk, ())
            for carer_id in self.callable(delivery.notice, child_id)
        ]
        return sorted(dict.fromkeys(found), key=lambda carer_id: carer_id != delivery.carer_id)

    def steps_left(self, delivery: Delivery) -> list[tuple[int, str]]:
        """(carer, path) not yet tried in this round: every way of the one who leads, then of each
        other the first. What is merely to know is never a call."""
        notice, tried = delivery.notice, self.tried.get(delivery.pk, set())
        own = [(delivery.carer_id, way.path) for way in self.ways.get(delivery.carer_id, ())]
        if notice.kind == "to_know":
            own = [step for step in own if step[1] != "voice"]
        others = []
        if notice.must_reach:
            for carer_id in self.callable_carers(delivery):
                if carer_id != delivery.carer_id and self.ways.get(carer_id):
                    others.append((carer_id, self.ways[carer_id][0].path))
        return [step for step in (*own, *others) if step not in tried]


def world_of(rows: Sequence[Delivery], at: datetime) -> World:
    ids = [row.pk for row in rows]
    children: dict[int, list[int]] = defaultdict(list)
    pairs = DeliveryChild.objects.filter(delivery__in=ids).order_by("pk")
    for delivery_id, child_id in pairs.values_list("delivery_id", "child_id"):
        children[delivery_id].append(child_id)
    everybody = {child_id for several in children.values() for child_id in several}
    carers = carers_by_child(everybody, localdate(at))
    consents = {pk for row in rows if row.notice.asks_guardians for pk in children[row.pk]}
    guardians = guardians_among(consents, localdate(at)) if consents else set()
    wanted = {row.carer_id for row in rows if row.carer_id is not None}
    for row in rows:
        if row.notice.must_reach:
            for child_id in children[row.pk]:
                wanted |= {carer_id for carer_id, called in carers.get(child_id, ()) if called}
    rounds = {row.pk: row.round_at for row in rows}
    tried: dict[int, set[tuple[int, str]]] = defaultdict(set)
    carried = Carried.objects.filter(delivery__in=ids).exclude(message__status="stopped")
    for delivery_id, carer_id, path, made_at in carried.values_list(
        "delivery_id", "message__carer_id", "message__path", "message__made_at"
    ):
        if made_at >= rounds[delivery_id]:
            tried[delivery_id].add((carer_id, path))
    families = {row.family_id for row in rows}
    return World(
        at,
        dict(children),
        carers,
        ways_of(wanted, at),
        dict(tried),
        rung_in_week(families, at),
        guardians,
    )
