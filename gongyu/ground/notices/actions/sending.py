"""A notice is sent: kept once, and spread over the carers of the day, class by class."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.timezone import localdate

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.ledger import actions as ledger

from .. import facts
from ..models import Notice, NoticeClass
from ..queries_recipients import (
    children_of_classes,
    classes_of_children,
    names_in_classes,
)
from ..reading import seconds_to_read
from ..rules import NoticeFault, check_notice
from ..shapes import NewNotice
from ..wording import faults
from ..work.spreading import deliver, keep

# A school of fifty classes is spread while the page waits; a city is left to the job.
AT_ONCE_CLASSES = 60
_CLASSES_A_TURN = 40


def send(new: NewNotice, *, at: datetime, key: str, by: Actor) -> Notice:
    """Send a notice and return it; the same `key` in the same place again is the same notice, and
    nothing is sent twice. Raises NoticeFault. Whether `by` may send there, the caller has asked."""
    check_notice(new, localdate(at))
    known = Notice.objects.filter(place=new.place_id, key=key).first()
    if known is not None:
        return known
    # Names are looked for in what one school writes; a department knows no child.
    names = [] if new.is_campaign else names_in_classes(_classes(new, at), localdate(at))
    for fault in faults(new.title, new.words, names):
        raise NoticeFault(f"“{fault.found}”：{fault.message}", "words")
    try:
        return _send(new, at, key, by)
    except IntegrityError:
        # Two taps at once: the second finds what the first has sent.
        return Notice.objects.get(place=new.place_id, key=key)


def _classes(new: NewNotice, at: datetime) -> Iterable[int]:
    if new.class_ids:
        return new.class_ids
    return set(classes_of_children(new.child_ids, localdate(at)).values())


@transaction.atomic
def _send(new: NewNotice, at: datetime, key: str, by: Actor) -> Notice:
    notice = keep(new, at, key, by.staff_id)
    record(
        "notice.send",
        by=by,
        subject=("notice", notice.pk),
        place_id=notice.place_id,
        detail={"kind": notice.kind, "classes": len(new.class_ids), "basis": notice.basis},
    )
    if len(new.class_ids) <= AT_ONCE_CLASSES:
        spread(notice, at=at, by=SYSTEM)
    else:
        from ..jobs import spread_job

        transaction.on_commit(partial(spread_job.enqueue, notice.pk))
    return notice


def spread(notice: Notice, *, at: datetime, by: Actor) -> Notice:
    """Make a delivery for every carer whom the notice concerns. Begun again, it makes what lacks and
    nothing twice. A withdrawn notice is spread no further."""
    while _spread_a_turn(notice.pk, at, by):
        pass
    notice.refresh_from_db()
    return notice


@transaction.atomic
def _spread_a_turn(notice_id: int, at: datetime, by: Actor) -> bool:
    """One turn of classes, and the end after the last; false when nothing is left to do."""
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    if notice.status != "spreading":
        return False
    day = localdate(at)
    turn = list(notice.classes.filter(done=False).order_by("pk")[:_CLASSES_A_TURN])
    if turn:
        children = children_of_classes([row.class_place_id for row in turn], day)
        deliver(notice, children, at)
        NoticeClass.objects.filter(pk__in=[row.pk for row in turn]).update(done=True)
        return True
    single = list(notice.children.values_list("child_id", flat=True))
    if single:
        deliver(notice, classes_of_children(single, day), at)
    _finish(notice, at, by)
    return False


def _finish(notice: Notice, at: datetime, by: Actor) -> None:
    # Every recipient is counted when he is made: a carer of two children in two turns is one.
    told = notice.deliveries.filter(carer__isnull=False)
    counts = told.aggregate(people=Count("pk"), families=Count("family_id", distinct=True))
    alone = notice.deliveries.filter(carer__isnull=True).count()
    notice.people, notice.families = counts["people"], counts["families"] + alone
    notice.seconds = seconds_to_read(notice.title, notice.words, asks=notice.asks)
    notice.status, notice.changed_at = "open", at
    notice.save(update_fields=["people", "families", "seconds", "status", "changed_at"])
    ledger.append(facts.sent(notice, localdate(notice.sent_at)), by=by)
    record(
        "notice.spread",
        by=by,
        subject=("notice", notice.pk),
        place_id=notice.place_id,
        detail={"people": notice.people, "families": notice.families},
    )
