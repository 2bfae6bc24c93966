"""Open, renew and close a kit; receive what was typed without a network, each entry once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import Deed, record, record_many
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.places.models import SchoolClass
from gongyu.ground.secrets.fields import digest

from . import rules
from .declared import Arrived, Choice, Conflict, Kept, OfflineForm, Refused, form_of
from .models import Kit, Receipt
from .queries import keys_received
from .shapes import Answer, Sent
from .tokens import new_code, unsealed


@transaction.atomic
def open_kit(classes: list[SchoolClass], *, by: Actor) -> Kit:
    """A new device is given the pupils of these classes, which counts as reading them."""
    moment = now()
    _sweep(by)
    kit = Kit.objects.create(
        code=new_code(),
        staff_id=by.staff_id,
        opened_at=moment,
        packed_at=moment,
        until_at=moment + rules.KEPT,
    )
    _note_packing("offline.open", kit, classes, by=by)
    return kit


@transaction.atomic
def renew_kit(kit: Kit, classes: list[SchoolClass], *, by: Actor) -> Kit:
    """The device was in touch: it is given the pupils anew, for another three days."""
    kit.packed_at = now()
    kit.until_at = kit.packed_at + rules.KEPT
    kit.save(update_fields=["packed_at", "until_at"])
    _note_packing("offline.renew", kit, classes, by=by)
    return kit


@transaction.atomic
def close_kit(kit: Kit, why: str, *, by: Actor) -> None:
    """The device holds nothing any more, or is told so at its next contact."""
    if kit.closed_at is not None:
        return
    kit.closed_at, kit.closed_why = now(), why
    kit.save(update_fields=["closed_at", "closed_why"])
    record("offline.close", by=by, subject=("kit", kit.pk), detail={"why": why})


def receive(kit: Kit, sent: Sent, *, on: date, by: Actor) -> Answer:
    """One entry becomes one record, however often and in whatever order it arrives.

    Receipt, record, facts and audit are one transaction; an answer that was lost is given again.
    """
    form, child_id = form_of(sent.form), unsealed(kit.code, "child", sent.pupil)
    if form is None or child_id is None:
        return _refused(sent, _("这一条不是在这台设备上填写的，无法识别。请联网后重新填写。"))
    answer = _answered(kit, form, sent, child_id, on=on, by=by)
    # Told with every answer, also with one that is given again: the first may have been lost.
    urgent = form.alarm is not None and form.alarm.is_raised_by(sent.fields)
    return replace(answer, urgent=urgent)


def _answered(
    kit: Kit, form: OfflineForm, sent: Sent, child_id: int, *, on: date, by: Actor
) -> Answer:
    before = _receipt(sent, by)
    if before is not None:
        return _again(before, sent)
    try:
        kept = _keep(kit, form, sent, child_id, on=on, by=by)
    except Refused as refused:
        return Answer(sent.key, "refused", faults=dict(refused.faults))
    except Conflict as conflict:
        return Answer(
            sent.key,
            "conflict",
            said=conflict.words,
            code=conflict.code,
            choices=conflict.choices,
        )
    except IntegrityError:
        # The same entry came on another way and was a moment faster.
        before = _receipt(sent, by)
        if before is None:
            raise
        return _again(before, sent)
    return Answer(sent.key, "stored", said=kept.said, warned=kept.warned)


@transaction.atomic
def _keep(kit: Kit, form: OfflineForm, sent: Sent, child_id: int, *, on: date, by: Actor) -> Kept:
    own_keys = keys_received(kit)
    # The receipt comes first: whoever sends the same at the same time waits here.
    moment = now()
    receipt = Receipt.objects.create(
        kit=kit,
        staff_id=by.staff_id,
        key=sent.key,
        form=sent.form,
        content=_content(sent),
        typed_at=sent.typed_at,
        arrived_at=moment,
    )
    arrived = Arrived(
        key=sent.key,
        child_id=child_id,
        fields=sent.fields,
        unsealed=lambda kind, token: unsealed(kit.code, kind, token),
        packed_at=sent.packed_at or kit.opened_at,
        at=moment,
        seen=sent.seen,
        decided=sent.decided,
        corrects=_record_of(sent, by),
        own_keys=own_keys,
    )
    kept = form.receive(arrived, on=on, by=by)
    receipt.record_id = kept.record_id
    receipt.save(update_fields=["record_id"])
    record(
        "offline.receive",
        by=by,
        subject=("receipt", receipt.pk),
        detail={"form": form.code, "record": kept.record_id},
    )
    return kept


def _again(before: Receipt, sent: Sent) -> Answer:
    """It is here already. Other words under the same key were typed after the answer was lost:
    they are neither dropped nor put over what is here."""
    if before.content == _content(sent):
        return Answer(sent.key, "already")
    return Answer(
        sent.key,
        "conflict",
        said=_("这一条其实上次已经送到，之后您又改过。请决定以哪个为准。"),
        code="changed",
        choices=(Choice("correct", _("用现在写的更正已送到的（原来的会保留）")),),
    )


def _record_of(sent: Sent, by: Actor) -> int | None:
    """What an earlier version of this entry became: a record of the same form."""
    if not sent.corrects:
        return None
    found = Receipt.objects.filter(staff=by.staff_id, key=sent.corrects, form=sent.form)
    return found.values_list("record_id", flat=True).first()


def _refused(sent: Sent, words: str) -> Answer:
    return Answer(sent.key, "refused", faults={"": [words]})


def _receipt(sent: Sent, by: Actor) -> Receipt | None:
    return Receipt.objects.filter(staff=by.staff_id, key=sent.key).first()


def _content(sent: Sent) -> str:
    """Of what was typed and about whom; of what was decided since, nothing."""
    told = {name: list(values) for name, values in sorted(sent.fields.items()) if any(values)}
    return digest("offline-entry", json.dumps([sent.form, sent.pupil, told]))


def _sweep(by: Actor) -> None:
    """What can no longer arrive needs no receipt."""
    Kit.objects.filter(staff=by.staff_id, until_at__lt=now() - rules.RECEIPTS_KEPT).delete()


def _note_packing(verb: str, kit: Kit, classes: list[SchoolClass], *, by: Actor) -> None:
    record_many(
        [
            Deed(verb, ("class", one.place_id), place_id=one.place_id, detail={"kit": kit.pk})
            for one in classes
        ],
        by=by,
    )
