"""A notice is written down, and its deliveries are made; the actions say when, and leave the trace."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import localdate

from ..models import Attachment, Delivery, DeliveryChild, Notice, NoticeChild, NoticeClass
from ..parameters import weekly_budget
from ..queries_budget import rung_in_week
from ..queries_recipients import recipients
from ..rules_path import first_station, is_full
from ..shapes import NewNotice, Recipient


def keep(
    new: NewNotice, at: datetime, key: str, staff_id: int | None, *, replaces: Notice | None = None
) -> Notice:
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
        sent_by_id=staff_id,
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


def deliver(notice: Notice, class_of: Mapping[int, int], at: datetime) -> None:
    """Deliveries for {child: class}; a carer who has one already gets the child added. Needs a
    transaction."""
    found = recipients(class_of, localdate(at), guardians_lead=notice.asks_guardians)
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
