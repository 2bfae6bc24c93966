"""Which ledger facts an activity proves: that it is planned for a day, and that it was held."""

from __future__ import annotations

from gongyu.ground.ledger.shapes import NewFact

from .models import Activity, Closing

SOURCE = "activities.Activity"
PLANNED, HELD = "activity.planned", "activity.held"


def planned(activity: Activity, *, supersedes_id: int | None = None, quantity: int = 1) -> NewFact:
    """`quantity=0` takes the plan back: it was held, cancelled or moved."""
    return _fact(PLANNED, activity, {}, supersedes_id, quantity)


def held(
    activity: Activity, closing: Closing, *, supersedes_id: int | None = None, quantity: int = 1
) -> NewFact:
    """One activity, however many families came; `quantity=0` takes it back."""
    return _fact(HELD, activity, {"families": closing.families}, supersedes_id, quantity)


def _fact(
    kind: str, activity: Activity, attrs: dict, supersedes_id: int | None, quantity: int
) -> NewFact:
    return NewFact(
        kind=kind,
        subject_type="place",
        subject_id=activity.school_id,
        place_id=activity.organiser_id,
        on_date=activity.held_on,
        actor_id=activity.responsible_id,
        status=activity.kind,
        detail=activity.scope,
        quantity=quantity,
        attrs=attrs,
        source_model=SOURCE,
        source_id=activity.pk,
        supersedes_id=supersedes_id,
    )
