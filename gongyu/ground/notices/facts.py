"""Which ledger facts a notice proves: that it was sent, and that somebody was reached. No child."""

from __future__ import annotations

from datetime import date

from gongyu.ground.ledger.shapes import NewFact

from .models import Notice

SENT, REACHED = "notice.sent", "notice.reached"


def sent(notice: Notice, on: date) -> NewFact:
    """One notice of a department, with how many people it was for."""
    return NewFact(
        kind=SENT,
        subject_type="place",
        subject_id=notice.department_id,
        place_id=notice.place_id,
        on_date=on,
        actor_id=notice.sent_by_id,
        status=notice.kind,
        detail="campaign" if notice.is_campaign else notice.template,
        attrs={"people": notice.people, "families": notice.families, "seconds": notice.seconds},
        source_model="notices.Notice",
        source_id=notice.pk,
    )


def reached(delivery_id: int, place_id: int, kind: str, way: str, on: date) -> NewFact:
    """Somebody answered or was handed the slip; which family, the ledger never says. Place and kind
    are the notice's."""
    return NewFact(
        kind=REACHED,
        subject_type="place",
        subject_id=place_id,
        place_id=place_id,
        on_date=on,
        status=way,
        detail=kind,
        source_model="notices.Delivery",
        source_id=delivery_id,
    )
