"""Whoever may no longer be told is told no more; what must be known passes to somebody who may."""

from __future__ import annotations

from collections.abc import Sequence

from ..clock import after_quiet
from ..models import Delivery, DeliveryChild
from .world import World


def pass_on(rows: Sequence[Delivery], world: World) -> None:
    """For each delivery whose carer is barred or cares no longer: it stops, and another carer who
    may be called now leads. Where there is nobody, what must be known becomes a named person's."""
    if not rows:
        return
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(status="stopped", next_at=None)
    for row in rows:
        children = world.children.get(row.pk, [])
        heirs = _heirs(row, children, world)
        for child_id in children:
            carers = world.callable(row.notice, child_id)
            heir = next((heirs[c] for c in carers if c in heirs), None)
            if heir is None:
                _nobody(row, child_id)
            elif not heir.leads:
                heir.leads = True
                Delivery.objects.filter(pk=heir.pk, status="in_box").update(
                    status="due",
                    leads=True,
                    next_at=world.at if row.notice.kind == "safety" else after_quiet(world.at),
                    round_at=world.at,
                )


def _heirs(row: Delivery, children: Sequence[int], world: World) -> dict[int, Delivery]:
    """{carer: that carer's delivery of the same notice}, made where a new carer has none yet."""
    called = [c for child in children for c in world.callable(row.notice, child)]
    found = {
        one.carer_id: one for one in Delivery.objects.filter(notice=row.notice, carer__in=called)
    }
    if not found and called:
        first = called[0]
        made = Delivery.objects.create(
            notice=row.notice, carer_id=first, family_id=first, leads=False, status="in_box",
            hand_place_id=row.hand_place_id, round_at=world.at,
        )  # fmt: skip
        DeliveryChild.objects.bulk_create(
            DeliveryChild(delivery=made, child_id=child, class_place_id=row.hand_place_id)
            for child in children
        )
        found[first] = made
    return found


def _nobody(row: Delivery, child_id: int) -> None:
    known = DeliveryChild.objects.filter(
        child=child_id, delivery__notice=row.notice, delivery__carer__isnull=True
    )
    if known.exists():
        return
    alone = Delivery.objects.create(
        notice=row.notice, carer=None, status="to_hand" if row.notice.must_reach else "in_box",
        hand_place_id=row.hand_place_id, round_at=row.round_at,
    )  # fmt: skip
    DeliveryChild.objects.create(
        delivery=alone, child_id=child_id, class_place_id=row.hand_place_id
    )
