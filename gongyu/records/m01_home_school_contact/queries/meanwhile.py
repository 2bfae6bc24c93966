"""What happened while a device was without a network: visits and proposals that it did not see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from ..models import Proposal, Visit
from ..models_concerns import Anomaly
from ..shapes import VisitEntry
from ..states import LIVE_PROPOSALS


def same_visit(child_id: int, entry: VisitEntry, staff_id: int | None, key: str) -> Visit | None:
    """The same visit of the same day by the same person, told under another key."""
    return (
        Visit.objects.filter(
            children__child=child_id,
            children__post__staff=staff_id,
            status="standing",
            visited_on=entry.visited_on,
            outcome=entry.outcome,
        )
        .exclude(recorded_by=staff_id, key=key)
        .order_by("pk")
        .first()
    )


def same_notes(
    child_id: int, kind: str, day: date, staff_id: int | None, key: str
) -> list[Anomaly]:
    """The same child and kind on the same day by the same person, told under other keys; the newest
    first."""
    return list(
        Anomaly.objects.filter(child=child_id, kind=kind, noticed_at__date=day, noticer=staff_id)
        .exclude(status="retracted")
        .exclude(key=key)
        .order_by("-pk")
    )


def own_note(anomaly_id: int | None, staff_id: int | None) -> Anomaly | None:
    """A note that the person made and that was not taken back."""
    own = Anomaly.objects.filter(pk=anomaly_id, noticer=staff_id)
    return own.exclude(status="retracted").first()


def recorded_since(
    child_id: int, staff_id: int | None, since: datetime, own_keys: Collection[str]
) -> Visit | None:
    """A visit that the same person recorded elsewhere after the device had last seen the list."""
    return (
        Visit.objects.filter(
            children__child=child_id,
            visitor=staff_id,
            status="standing",
            outcome=Visit.Outcome.HELD,
            recorded_at__gt=since,
        )
        .exclude(key__in=own_keys)
        .order_by("-recorded_at")
        .first()
    )


def proposal_ended(
    child_id: int, seen: str, since: datetime, own_keys: Collection[str]
) -> Proposal | None:
    """The proposal that the device still saw alive and that ended without this device's doing."""
    if seen not in LIVE_PROPOSALS:
        return None
    of_child = Proposal.objects.filter(children=child_id)
    if of_child.filter(status__in=LIVE_PROPOSALS).exclude(status="asked_other").exists():
        return None
    newest = of_child.filter(changed_at__gt=since).order_by("-changed_at", "-pk").first()
    if newest is None or newest.status == seen:
        return None
    closed_here = newest.visits.filter(key__in=own_keys).exists()
    return None if closed_here else newest


def newest_version(visit_id: int) -> Visit | None:
    """The version of a visit that stands, after any corrections; None where it was retracted."""
    visit = Visit.objects.filter(pk=visit_id).first()
    while visit is not None and visit.status == "replaced":
        visit = Visit.objects.filter(replaces=visit).first()
    return visit if visit is not None and visit.status == "standing" else None
