"""Half-written records survive a dead battery: on the server, for their writer alone, 72 hours."""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.people.models import Child
from gongyu.ground.prepared import prepared

from ..models import Draft

KEPT_HOURS = 72


@transaction.atomic
def save_draft(child: Child, content: dict[str, list[str]], *, by: Actor) -> Draft:
    """Keep the form as it stands; `content` is the form's data, name to values."""
    moment = now()
    Draft.objects.filter(saved_at__lt=moment - timedelta(hours=KEPT_HOURS)).delete()
    text = json.dumps(content, ensure_ascii=False)
    kept = _kept(by.staff_id, child.pk) if by.staff_id is not None else []
    if kept and Draft.objects.filter(pk=kept[0].pk).update(content=text, saved_at=moment):
        kept[0].content, kept[0].saved_at = text, moment
        return kept[0]
    draft, made = Draft.objects.update_or_create(
        staff_id=by.staff_id, child=child, defaults={"content": text, "saved_at": moment}
    )
    # One row for each draft, not one for each keystroke.
    if made:
        record("draft.begin", by=by, subject=("child", child.pk))
    return draft


@prepared
def _kept(staff_id: int, child_id: int):
    return Draft.objects.filter(staff=staff_id, child=child_id).defer("content")


@transaction.atomic
def drop_draft(child: Child, *, by: Actor) -> None:
    """Throw the draft away."""
    gone, _by_kind = Draft.objects.filter(staff=by.staff_id, child=child).delete()
    if gone:
        record("draft.drop", by=by, subject=("child", child.pk))
