"""Setting and clearing days off; each change says who made it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.calendar.working_days import NamedDay

from . import rules
from .models import Change, SpecialDay


@transaction.atomic
def set_days(days: Iterable[NamedDay], *, by: Actor, district: str = "") -> list[SpecialDay]:
    """Enter or correct days off and worked weekends of the whole city, or of the district of this
    code; entries that stand already change nothing.

    Returns the rows that were written.
    """
    wanted = list(days)
    rules.check_can_set(wanted)
    present = {
        row.day: row
        for row in SpecialDay.objects.filter(district=district, day__in=[d.day for d in wanted])
    }
    written = []
    for entry in wanted:
        row = present.get(entry.day) or SpecialDay(day=entry.day, district=district)
        told = (entry.is_working, entry.name.strip(), entry.source.strip())
        if row.pk and (row.is_working, row.name, row.source) == told:
            continue
        before = (row.is_working, row.name, row.source) if row.pk else None
        row.is_working, row.name, row.source = told
        row.save()
        _keep(row, before, told, by)
        written.append(row)
    _audit("holiday.set", written, by)
    return written


@transaction.atomic
def clear_day(day: date, *, by: Actor, district: str = "") -> SpecialDay | None:
    """Take a day out of the table, so that the published calendar decides it again.

    Returns the entry that was taken out, None when there was none.
    """
    row = SpecialDay.objects.filter(day=day, district=district).first()
    if row is not None:
        _audit("holiday.clear", [row], by)
        _keep(row, (row.is_working, row.name, row.source), None, by)
        row.delete()
    return row


def _keep(row: SpecialDay, before: tuple | None, after: tuple | None, by: Actor) -> None:
    was, now_is = before or (None, "", ""), after or (None, "", "")
    Change.objects.create(
        day=row.day,
        district=row.district,
        was_working=was[0],
        was_name=was[1],
        was_source=was[2],
        is_working=now_is[0],
        name=now_is[1],
        source=now_is[2],
        changed_at=now(),
        changed_by=by.name[:60],
    )


def _audit(verb: str, rows: list[SpecialDay], by: Actor) -> None:
    deeds = [
        audit.Deed(
            verb,
            subject=("special_day", row.pk),
            detail={
                "day": row.day.isoformat(),
                "is_working": row.is_working,
                "district": row.district,
            },
        )
        for row in rows
    ]
    audit.record_many(deeds, by=by)
