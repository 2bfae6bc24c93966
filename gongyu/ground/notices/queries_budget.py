"""How often families were rung in a week, and what sending a notice now would do to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count
from django.utils.timezone import localdate

from .clock import after_quiet, next_digest, week_of
from .models import Outgoing
from .parameters import weekly_budget
from .queries_recipients import children_of_classes, recipients
from .rules_path import first_station, is_full
from .shapes import Effect, NewNotice
from .ways import ways_of

_AT_ONCE = 5000


def rung_in_week(family_ids: Iterable[int], moment: datetime) -> dict[int, int]:
    """{family: sounding messages of the week of this moment, sent or about to be}."""
    ids = sorted(family_ids)
    found: dict[int, int] = {}
    for start in range(0, len(ids), _AT_ONCE):
        rows = Outgoing.objects.filter(
            family_id__in=ids[start : start + _AT_ONCE], week_on=week_of(moment)
        ).exclude(status__in=["stopped", "refused"])
        counted = rows.values("family_id").annotate(rung=Count("pk"))
        found.update(counted.order_by().values_list("family_id", "rung"))
    return found


def effect_of(new: NewNotice, at: datetime) -> Effect:
    """What sending this now would do, counted with the very rules by which it is sent."""
    on = localdate(at)
    ids = [*children_of_classes(new.class_ids, on), *new.child_ids]
    found = recipients(dict.fromkeys(ids), on, guardians_lead=new.asks_guardians)
    leads = [one for one in found if one.leads and one.carer_id is not None]
    rung = rung_in_week({one.family_id for one in leads}, at)
    ways = ways_of([one.carer_id for one in leads], at)
    budget, counts = weekly_budget().value, dict.fromkeys(("due", "waiting", "in_box"), 0)
    without_way = full_families = 0
    for one in leads:
        full = is_full(rung.get(one.family_id, 0), budget)
        full_families += full
        if not ways.get(one.carer_id):
            without_way += 1
        status, _moment = first_station(
            new.kind, must_reach=new.must_reach, at=at, until_on=new.until_on, full=full
        )
        counts[status] += 1
    alone = sum(one.carer_id is None for one in found)
    return Effect(
        families=len({one.family_id for one in leads}) + alone,
        people=sum(one.carer_id is not None for one in found),
        sound=counts["due"],
        wait=counts["waiting"],
        in_box=counts["in_box"],
        without_way=without_way,
        without_carer=alone,
        full=full_families,
        sounds_at=at if new.kind == "safety" else after_quiet(at),
        digest_at=next_digest(at),
    )
