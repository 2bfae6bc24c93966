"""A notice is withdrawn, corrected, over; and what it said is forgotten in time."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import SYSTEM, Actor

from ..clock import after_quiet
from ..models import Attachment, Carried, Delivery, Notice, Outgoing
from ..parameters import WORDS_KEPT
from ..queries_recipients import names_in_classes
from ..rules import NoticeFault, check_notice, check_step
from ..shapes import NewNotice
from ..wording import faults
from ..work.spreading import keep
from .sending import spread

_RANG = ("sending", "unknown", "sent", "delivered", "dead")


@transaction.atomic
def withdraw(notice: Notice, reason: str, *, at: datetime, by: Actor) -> Notice:
    """Nobody is told any more, and whoever looks reads that it is withdrawn. Raises NoticeFault."""
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    check_step(row, "withdraw")
    if not reason.strip():
        raise NoticeFault(_("请写撤回的原因，家长会看到。"), "reason")
    _end(row, "withdrawn", reason.strip(), at)
    record("notice.withdraw", by=by, subject=("notice", row.pk), place_id=row.place_id)
    return row


@transaction.atomic
def correct(notice: Notice, new: NewNotice, *, at: datetime, key: str, by: Actor) -> Notice:
    """A corrected notice takes the other's place. Families whose telephone rang for the wrong one
    are rung again; to all others only the right one goes. Raises NoticeFault."""
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    known = Notice.objects.filter(place=new.place_id, key=key).first()
    if known is not None:
        return known
    check_step(row, "correct")
    check_notice(new, localdate(at))
    names = [] if new.is_campaign else names_in_classes(new.class_ids, localdate(at))
    for fault in faults(new.title, new.words, names):
        raise NoticeFault(f"“{fault.found}”：{fault.message}", "words")
    rang = list(_rung(row).values_list("carer_id", flat=True))
    _end(row, "corrected", "", at)
    fresh = spread(keep(new, at, key, by.staff_id, replaces=row), at=at, by=SYSTEM)
    again = fresh.deliveries.filter(carer__in=rang, leads=True, status__in=["waiting", "in_box"])
    again.update(status="due", next_at=after_quiet(at))
    record(
        "notice.correct",
        by=by,
        subject=("notice", fresh.pk),
        place_id=fresh.place_id,
        detail={"replaces": row.pk, "rung": len(rang)},
    )
    return fresh


def _rung(notice: Notice):
    carried = Carried.objects.filter(delivery=OuterRef("pk"), message__status__in=_RANG)
    return notice.deliveries.filter(Exists(carried), carer__isnull=False)


def _end(notice: Notice, status: str, reason: str, at: datetime) -> None:
    notice.status, notice.reason, notice.changed_at = status, reason, at
    notice.save(update_fields=["status", "reason", "changed_at"])
    notice.deliveries.exclude(status__in=["answered", "handed"]).update(
        status="stopped", next_at=None
    )
    # A message that carries another notice too goes on, without this one.
    others = Carried.objects.filter(message=OuterRef("pk")).exclude(delivery__notice=notice)
    mine = Outgoing.objects.filter(status="ready", carried__delivery__notice=notice)
    stopped = mine.exclude(Exists(others.exclude(delivery__status="stopped")))
    Outgoing.objects.filter(pk__in=list(stopped.values_list("pk", flat=True))).update(
        status="stopped"
    )


@transaction.atomic
def close_what_is_over(on: date, *, by: Actor) -> int:
    """Notices whose last day has passed are over. What must have reached somebody and did not stays
    with its named person. Returns how many."""
    over = list(Notice.objects.filter(status="open", until_on__lte=on).values_list("pk", "basis"))
    if not over:
        return 0
    ids = [pk for pk, _basis in over]
    must = [pk for pk, basis in over if basis]
    left = Delivery.objects.filter(status__in=["due", "waiting"])
    left.filter(notice__in=must).update(status="to_hand", next_at=None)
    left.filter(notice__in=ids).exclude(notice__in=must).update(status="in_box", next_at=None)
    Notice.objects.filter(pk__in=ids).update(status="over")
    record("notice.close", by=by, subject=("notice", None), detail={"count": len(ids)})
    return len(ids)


@transaction.atomic
def forget_words(on: date, *, by: Actor) -> int:
    """What notices said is deleted when it may no longer be kept; counts and states stay."""
    old = Notice.objects.exclude(words="").filter(until_on__lte=on - WORDS_KEPT)
    ids = list(old.values_list("pk", flat=True))
    if not ids:
        return 0
    Notice.objects.filter(pk__in=ids).update(words=b"")
    Attachment.objects.filter(notice__in=ids).delete()
    record("notice.forget", by=by, subject=("notice", None), detail={"count": len(ids)})
    return len(ids)
