"""What a family prefers for visits, written down by whoever was told."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.people.models import Child

from ..models import Preference


@transaction.atomic
def set_preference(
    child: Child,
    *,
    by: Actor,
    prefers: str = "",
    times: str = "",
    language: str = "",
    note: str = "",
    asked_on: date | None = None,
) -> Preference:
    """Keep what the family prefers; it replaces what was there."""
    preference, _made = Preference.objects.update_or_create(
        child=child,
        defaults={
            "prefers": prefers,
            "times": times,
            "language": language,
            "note": note,
            "asked_on": asked_on,
            "changed_at": now(),
            "changed_by_id": by.staff_id,
        },
    )
    record("preference.set", by=by, subject=("child", child.pk), detail={"prefers": prefers})
    return preference
