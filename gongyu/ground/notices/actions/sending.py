"""A notice is sent: kept once, and spread over the carers of the day, class by class."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.timezone import localdate

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.ledger import actions as ledger

from .. import facts
from ..models import Attachment, Delivery, DeliveryChild, Notice, NoticeChild, NoticeClass
from ..parameters import weekly_budget
from ..queries_budget import rung_in_week
from ..queries_recipients import (
    children_of_classes,
    classes_of_children,
    names_in_classes,
    recipients,
)
from ..reading import seconds_to_read
from ..rules import NoticeFault, check_notice
from ..rules_path import first_station, is_full
from ..shapes import NewNotice, Recipient
from ..wording import faults

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
    notice = keep(new, at, key, by)
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


def keep(new: NewNotice, at: datetime, key: str, by: Actor, *, replaces=None) -> Notice:
    """Write the notice down; it reaches nobody yet. Needs a transaction."""
    notice = Notice.objects.create(
        kind=new.kind,
        title=new.title.strip(),
        words=new.words.strip(),
        place_id=new.place_id,
        department_id=new.department_id,
        until_on=new.until_on,
        basis=new.basis,
        basis_words=new.basis_words.strip(),
        choices=[choice.strip() for choice in new.choices],
        template=new.template,
        is_campaign=new.is_campaign,
        white_list=new.white_list.strip(),
        replaces=replaces,
        key=key,
        sent_by_id=by.staff_id,
        sent_at=at,
        changed_at=at,
    )
    NoticeClass.objects.bulk_create(
        NoticeClass(notice=notice, class_place_id=pk) for pk in dict.fromkeys(new.class_ids)
    )
    NoticeChild.objects.bulk_create(
        NoticeChild(notice=notice, child_id=pk) for pk in dict.fromkeys(new.child_ids)
    )
    Attachment.objects.bulk_create(
        Attachment(
            notice=notice,
            number=number,
            kind=one.kind,
            ending=one.ending,
            size=len(one.data),
            body=b64encode(one.data).decode(),
        )
        for number, one in enumerate(new.attachments, start=1)
    )
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


def deliver(notice: Notice, class_of: Mapping[int, int], at: datetime) -> None:
    """Deliveries for {child: class}; a carer who has one already gets the child added. Needs a
    transaction."""
    found = recipients(class_of, localdate(at))
    made = {
        row.carer_id: row
        for row in Delivery.objects.filter(
            notice=notice, carer__in=[r.carer_id for r in found if r.carer_id is not None]
        )
    }
    known = set(
        DeliveryChild.objects.filter(delivery__notice=notice, child__in=list(class_of)).values_list(
            "child_id", "delivery__carer_id"
        )
    )
    # The children of nobody have no unique delivery to hold a second one off.
    new = [r for r in found if r.carer_id is None or r.carer_id not in made]
    new = [r for r in new if r.carer_id is not None or (r.child_ids[0], None) not in known]
    rows = _first_rows(notice, new, class_of, at)
    Delivery.objects.bulk_create(rows)
    children = [
        DeliveryChild(delivery=row, child_id=child_id, class_place_id=class_of[child_id])
        for row, recipient in zip(rows, new, strict=True)
        for child_id in recipient.child_ids
    ]
    children += [
        DeliveryChild(
            delivery=made[r.carer_id], child_id=child_id, class_place_id=class_of[child_id]
        )
        for r in found
        if r.carer_id in made
        for child_id in r.child_ids
        if (child_id, r.carer_id) not in known
    ]
    DeliveryChild.objects.bulk_create(children)
    _lead_now(notice, found, made, at)


def _lead_now(notice: Notice, found: list[Recipient], made: dict, at: datetime) -> None:
    """Whoever was told for one child and leads for another now leads."""
    for recipient in found:
        row = made.get(recipient.carer_id)
        if row is not None and recipient.leads and not row.leads:
            status, moment = _station(notice, at, full=False)
            Delivery.objects.filter(pk=row.pk, leads=False).update(
                leads=True, family_id=row.carer_id, status=status, next_at=moment, round_at=at
            )


def _first_rows(
    notice: Notice, new: list[Recipient], class_of: Mapping[int, int], at: datetime
) -> list[Delivery]:
    budget = weekly_budget().value
    rung = rung_in_week({r.family_id for r in new if r.leads and r.family_id}, at)
    rows = []
    for one in new:
        hand_place = class_of[one.child_ids[0]]
        row = Delivery(
            notice=notice,
            carer_id=one.carer_id,
            family_id=one.family_id,
            leads=one.leads,
            hand_place_id=hand_place,
            round_at=at,
        )
        if one.carer_id is None:
            # Nobody may be told: what must be done about it, somebody at school decides.
            row.status = "to_hand" if notice.must_reach else "in_box"
        elif not one.leads:
            row.status = "in_box"
        else:
            full = is_full(rung.get(one.family_id, 0), budget)
            row.status, row.next_at = _station(notice, at, full=full)
        rows.append(row)
    return rows


def _station(notice: Notice, at: datetime, *, full: bool):
    return first_station(
        notice.kind,
        must_reach=notice.must_reach,
        at=at,
        until_on=notice.until_on,
        full=full,
    )
