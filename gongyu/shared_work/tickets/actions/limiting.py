"""A district's stricter limits. They stand in the ordinary audit: a limit hides nothing."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.places.models import Place

from .. import queries, rules
from ..clocks import Part, clock
from ..models import LocalLimit
from ..parameters import limit_of
from ..rules import TicketFault


@transaction.atomic
def set_limit(
    desk: Place, name: str, *, days: int, unit: str, document: str, on: date, by: Actor
) -> LocalLimit:
    """From today on, tickets that begin are counted by it; what runs already keeps its own limit.
    Raises TicketFault: no document, or not stricter than the plan's."""
    # Two who set it at the same moment wait for each other here.
    Place.objects.select_for_update(of=("self",)).get(pk=desk.pk)
    if name not in LocalLimit.Clock.values:
        raise TicketFault(_("请选择是哪一个期限。"), "clock")
    plan, table = limit_of(name), queries.days_off_of(desk)
    ends = clock(on, [Part(plan.days, plan.unit, "")], table).due_on
    own = clock(on, [Part(max(days, 0), unit, "")], table).due_on
    rules.check_limit(plan, days, unit, document, most=ends, due=own)
    _end_open(desk, name, on)
    made = LocalLimit.objects.create(
        desk=desk,
        clock=name,
        days=days,
        unit=unit,
        document=document.strip(),
        from_on=on,
        set_at=now(),
    )
    record(
        "ticket_limit.set",
        by=by,
        subject=("ticket_limit", made.pk),
        place_id=desk.pk,
        detail={"clock": name, "days": days, "unit": unit},
    )
    return made


@transaction.atomic
def end_limit(desk: Place, name: str, *, on: date, by: Actor) -> None:
    """From today on the plan's own limit counts again. Doing it again does nothing."""
    Place.objects.select_for_update(of=("self",)).get(pk=desk.pk)
    ended = _end_open(desk, name, on)
    if ended is not None:
        record(
            "ticket_limit.end",
            by=by,
            subject=("ticket_limit", ended),
            place_id=desk.pk,
            detail={"clock": name},
        )


def _end_open(desk: Place, name: str, on: date) -> int | None:
    row = LocalLimit.objects.filter(desk=desk, clock=name, until_on__isnull=True).first()
    if row is None:
        return None
    if row.from_on >= on:
        # Set and changed on one day: nothing was counted by it yet that today's would not count.
        row.delete()
    else:
        row.until_on = on
        row.save(update_fields=["until_on"])
    return row.pk or 0
