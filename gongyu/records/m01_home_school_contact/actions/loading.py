"""Many visits at once, for a city that starts with a history: the same rows, facts, audit rows."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.ledger.actions import append_many

from .. import facts
from ..models import Visit, VisitChild
from ..shapes import LoadedVisit

_AT_ONCE = 500


@transaction.atomic
def load_visits(loaded: Sequence[LoadedVisit], *, by: Actor) -> list[Visit]:
    """Visits whose posts, classes and capacities the caller has already looked up for their days.
    One audit row for the whole load."""
    visits = Visit.objects.bulk_create(_visits(loaded), batch_size=_AT_ONCE)
    pairs = list(zip(visits, loaded, strict=True))
    children = VisitChild.objects.bulk_create(_children(pairs), batch_size=_AT_ONCE)
    Met = Visit.met.through
    Met.objects.bulk_create(
        [Met(visit_id=v.pk, carer_id=carer) for v, row in pairs for carer in row.met],
        batch_size=_AT_ONCE,
    )
    holders = {child.post_id: child.staff_id for row in loaded for child in row.children}
    append_many([facts.of_child(c.visit, c, staff_id=holders[c.post_id]) for c in children], by=by)
    record("visit.load", by=by, subject=("visit", None), detail={"visits": len(visits)})
    return visits


def _visits(loaded: Sequence[LoadedVisit]) -> list[Visit]:
    moment = now()
    return [
        Visit(
            visited_on=row.visited_on,
            visitor_id=row.visitor_id,
            post_id=row.post_id,
            outcome=row.outcome,
            setting=row.setting,
            asked=row.asked,
            follows=row.follows,
            key=str(uuid4()),
            recorded_at=moment,
            recorded_by_id=row.visitor_id,
        )
        for row in loaded
    ]


def _children(pairs: list[tuple[Visit, LoadedVisit]]) -> list[VisitChild]:
    return [
        VisitChild(
            visit=visit,
            child_id=child.child_id,
            class_place_id=child.class_id,
            school_id=child.school_id,
            post_id=child.post_id,
            capacity=child.capacity,
        )
        for visit, row in pairs
        for child in row.children
    ]
