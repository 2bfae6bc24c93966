"""The sender reminds whoever is not yet reached, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from ..clock import after_quiet, end_of, next_digest
from ..models import Notice
from ..parameters import weekly_budget
from ..queries_budget import rung_in_week
from ..rules import check_can_remind
from ..rules_path import is_full
from ..states import REMINDED


@dataclass(frozen=True, slots=True)
class Reminded:
    """Families rung again, and those whose week is full: they read it in the digest, if it comes in
    time."""

    sound: int
    wait: int
    full: int


@transaction.atomic
def remind(notice: Notice, *, at: datetime, by: Actor) -> Reminded:
    """Remind the unreached, within their budget. Raises NoticeFault: nothing to remind of, or it was
    done within a day."""
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    check_can_remind(row, at)
    answered = row.deliveries.filter(status__in=["answered", "handed"]).exclude(family_id=0)
    open_ones = (
        row.deliveries.filter(leads=True, status__in=REMINDED, carer__isnull=False)
        .exclude(family_id__in=answered.values("family_id"))
        .values_list("pk", "family_id")
    )
    left = list(open_ones)
    rung = rung_in_week({family for _pk, family in left}, at)
    budget, digest_at = weekly_budget().value, next_digest(at)
    full = [pk for pk, family in left if is_full(rung.get(family, 0), budget)]
    ring = [pk for pk, family in left if not is_full(rung.get(family, 0), budget)]
    row.deliveries.filter(pk__in=ring).update(status="due", next_at=after_quiet(at), round_at=at)
    waits = full if digest_at < end_of(row.until_on) else []
    row.deliveries.filter(pk__in=waits).update(status="waiting", next_at=digest_at, round_at=at)
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    record(
        "notice.remind",
        by=by,
        subject=("notice", row.pk),
        place_id=row.place_id,
        detail={"sound": len(ring), "wait": len(waits)},
    )
    return Reminded(len(ring), len(waits), len(full) - len(waits))
