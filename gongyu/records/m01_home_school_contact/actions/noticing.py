"""A child who seems not well: note it, contact the carer, go on with it, take a slip back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.holidays.queries import special_days
from gongyu.ground.ledger.actions import append, append_many, standing_fact_of
from gongyu.ground.people.queries import carers_of, class_on

from .. import facts_concerns as facts
from .. import rules_concerns as rules
from ..clocks import clock
from ..concern_codes import EXCUSES, Channel, Kind
from ..concern_shapes import ContactEntry, NoteEntry, StepEntry
from ..models_concerns import Anomaly, AnomalyStep
from ..parameters import contact_clock
from ..queries.concerns import district_of
from ..rules_concerns import ConcernFault
from .contacting import write_contact


@transaction.atomic
def note_anomaly(
    entry: NoteEntry, *, at: datetime, key: str, by: Actor, then: Actor | None = None
) -> Anomaly:
    """Note it; the clock to the first contact runs from the noticing. The same `key` sent twice is
    the same note. `then` is the same person with the posts of the day of noticing: who was the
    child's teacher when it was typed without a network may tell it still. Raises ConcernFault."""
    known = Anomaly.objects.filter(noticer=by.staff_id, key=key).first()
    if known is not None:
        return known
    if entry.kind not in Kind.values:
        raise ConcernFault(_("请选择是哪种情形。"), "kind")
    rules.check_moment(entry.noticed_at, at, "noticed_at")
    child = rules.child_to_note(by, entry.child_id, localtime(at).date())
    if child is None and then is not None:
        child = rules.child_to_note(then, entry.child_id, localtime(entry.noticed_at).date())
    if child is None:
        raise ConcernFault(_("请选择孩子。"), "child")
    enrolment = class_on(child.pk, localtime(entry.noticed_at).date()) or class_on(
        child.pk, localtime(at).date()
    )
    district = district_of(enrolment.school_id, localtime(at).date())
    due = clock(entry.noticed_at, contact_clock(), special_days(district=district)).due_at
    try:
        with transaction.atomic():
            anomaly = Anomaly.objects.create(
                child=child,
                class_place_id=enrolment.school_class_id,
                school_id=enrolment.school_id,
                kind=entry.kind,
                words=entry.words.strip(),
                noticed_at=entry.noticed_at,
                noticer_id=by.staff_id,
                due_at=due,
                key=key,
                recorded_at=at,
                changed_at=at,
            )
    except IntegrityError:
        # The other tap was a moment faster.
        return Anomaly.objects.get(noticer=by.staff_id, key=key)
    append(facts.of_anomaly(anomaly), by=by)
    _record("anomaly.note", anomaly, by=by)
    return anomaly


@transaction.atomic
def take_anomaly_step(
    anomaly: Anomaly, entry: StepEntry, *, at: datetime, by: Actor
) -> AnomalyStep:
    """A contact, a lawful reason for none, what was done, a referral or the end. Whoever takes the
    step owns what follows. Raises ConcernFault."""
    anomaly = Anomaly.objects.select_for_update().get(pk=anomaly.pk)
    status = rules.check_anomaly_step(anomaly, entry.step)
    _check_step(anomaly, entry, at)
    step = AnomalyStep.objects.create(
        anomaly=anomaly,
        kind=entry.step,
        taken_at=entry.taken_at,
        taken_by_id=by.staff_id,
        carer_id=entry.carer_id,
        channel=entry.channel if entry.step == "contact" else "",
        words=entry.words.strip(),
        excuse=entry.excuse if entry.step == "excuse" else "",
        recorded_at=at,
    )
    if entry.step == "contact":
        _keep_contact(anomaly, entry, step, at, by=by)
    if anomaly.answered_at is None:
        anomaly.answered_at = entry.taken_at
        append_many(facts.of_step(anomaly, step), by=by)
    anomaly.status, anomaly.owner_id, anomaly.changed_at = status, by.staff_id, at
    anomaly.next_on = None if status == "closed" else entry.next_on
    anomaly.save(update_fields=["status", "owner", "next_on", "answered_at", "changed_at"])
    _record("anomaly.step", anomaly, by=by)
    return step


@transaction.atomic
def retract_anomaly(anomaly: Anomaly, *, words: str, at: datetime, by: Actor) -> Anomaly:
    """It was a slip: it stays readable and counts nothing. Raises ConcernFault."""
    if not words.strip():
        raise ConcernFault(_("请写明原因，例如“选错了孩子”。"), "words")
    anomaly = Anomaly.objects.select_for_update().get(pk=anomaly.pk)
    anomaly.status = rules.check_anomaly_step(anomaly, "retract")
    anomaly.changed_at = at
    anomaly.save(update_fields=["status", "changed_at"])
    AnomalyStep.objects.create(
        anomaly=anomaly,
        kind="retract",
        taken_at=at,
        taken_by_id=by.staff_id,
        words=words.strip(),
        recorded_at=at,
    )
    old = standing_fact_of(facts.ANOMALY_SOURCE, anomaly.pk, "anomaly.noticed")
    append(facts.of_anomaly(anomaly, supersedes_id=old.seq if old else None, quantity=0), by=by)
    _record("anomaly.retract", anomaly, by=by)
    return anomaly


@transaction.atomic
def read_anomaly(anomaly: Anomaly, *, by: Actor) -> None:
    """Somebody opened it."""
    _record("anomaly.read", anomaly, by=by)


def _check_step(anomaly: Anomaly, entry: StepEntry, at: datetime) -> None:
    rules.check_moment(entry.taken_at, at, "taken_at")
    if entry.taken_at < anomaly.noticed_at - rules.A_MOMENT:
        raise ConcernFault(_("时间不能早于发现的时间。"), "taken_at")
    if entry.step == "contact":
        _check_contact(anomaly, entry)
    elif entry.step == "excuse":
        if entry.excuse not in EXCUSES:
            raise ConcernFault(_("请选择不另行联系的理由。"), "excuse")
    elif not entry.words.strip():
        raise ConcernFault(_("请写一句办了什么。"), "words")
    if entry.step != "close":
        rules.check_next(entry.next_on, localtime(at).date())


def _check_contact(anomaly: Anomaly, entry: StepEntry) -> None:
    if entry.channel not in Channel.values:
        raise ConcernFault(_("请选择用什么方式联系的。"), "channel")
    if not entry.words.strip():
        raise ConcernFault(_("请写一句结果。"), "words")
    if entry.carer_id is None:
        raise ConcernFault(_("请选择联系了谁。"), "carer")
    day = localtime(entry.taken_at).date()
    reachable = {
        c.carer.pk for c in carers_of([anomaly.child_id], day)[anomaly.child_id] if c.may_be_reached
    }
    if entry.carer_id not in reachable:
        raise ConcernFault(_("此人当天不是可以联系的照护人，请重新选择。"), "carer")


def _keep_contact(
    anomaly: Anomaly, entry: StepEntry, step: AnomalyStep, at: datetime, *, by: Actor
) -> None:
    """Entered once: the contact stands among the family's contacts too, and counts by its channel."""
    write_contact(
        ContactEntry((anomaly.child_id,), entry.channel, entry.taken_at, entry.words),
        at=at,
        key=f"anomaly-step-{step.pk}",
        by=by,
    )


def _record(verb: str, anomaly: Anomaly, *, by: Actor) -> None:
    # Neither the child nor the kind: an audit page shows that somebody did something about a number.
    record(verb, by=by, subject=("anomaly", anomaly.pk), place_id=anomaly.school_id)
