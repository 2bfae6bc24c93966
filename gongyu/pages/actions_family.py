"""What a family reads leaves its row too; the row is nobody else's business."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.shapes import Family, FamilyChild
from gongyu.ground.notices.queries import InBox

from .queries.family.looked import LookedPage, looked_page
from .queries.family.records import RecordPage, record_page


@transaction.atomic
def read_record(child: FamilyChild, family: Family, *, on: date, by: Actor) -> RecordPage:
    """A guardian reads what is kept about the own child."""
    page = record_page(child, family, on)
    record("family.read", by=by, subject=("child", child.child_id), detail={"page": "record"})
    return page


@transaction.atomic
def read_looks(child: FamilyChild, *, on: date, by: Actor) -> LookedPage:
    """A guardian reads who looked."""
    page = looked_page(child, on)
    record("family.read", by=by, subject=("child", child.child_id), detail={"page": "looked"})
    return page


@transaction.atomic
def read_notice(item: InBox, *, by: Actor) -> None:
    """A carer opened a notice. The row names no place: no school learns from it who reads what."""
    subject = ("delivery", item.delivery.pk)
    record("family.read", by=by, subject=subject, detail={"page": "notice"})
