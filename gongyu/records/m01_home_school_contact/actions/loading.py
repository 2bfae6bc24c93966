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


@transaction.atomic
def load_visits(loaded: Sequence[LoadedVisit], *, by: Actor) -> list[Visit]:
    """Visits whose posts, classes and capacities the caller has already looked up for their days.
    One audit row for the whole load."""
    moment = now()
    visits = Visit.objects.bulk_create(
        [
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
        ],
        batch_size=500,
    )
    children = VisitChild.objects.bulk_create(
        [
            VisitChild(
                visit=visit,
                child_id=child.child_id,
                class_place_id=child.class_id,
                school_id=child.school_id,
                post_id=child.post_id,
                capacity=child.capacity,
            )
            for visit, row in zip(visits, loaded, strict=True)
            for child in row.children
        ],
        batch_size=500,
    )
    Met = Visit.met.through
    Met.objects.bulk_create(
        [
            Met(visit_id=visit.pk, carer_id=carer_id)
            for visit, row in zip(visits, loaded, strict=True)
            for carer_id in row.met
        ],
        batch_size=500,
    )
    staff = {child.post_id: child.staff_id for row in loaded for child in row.children}
    by_id = {visit.pk: visit for visit in visits}
    append_many(
        [facts.of_child(by_id[row.visit_id], row, staff_id=staff[row.post_id]) for row in children],
        by=by,
    )
    record("visit.load", by=by, subject=("visit", None), detail={"visits": len(visits)})
    return visits
