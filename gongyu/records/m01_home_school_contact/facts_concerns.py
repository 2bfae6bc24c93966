"""Which ledger facts contacts and anomalies prove. They carry no text, no kind, and of an anomaly
no child: a number, a class and a day."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localtime

from gongyu.ground.ledger.shapes import NewFact

from .models_concerns import Anomaly, AnomalyStep, Contact, ContactChild

CONTACT_SOURCE = "home_school_contact.ContactChild"
ANOMALY_SOURCE = "home_school_contact.Anomaly"
STEP_SOURCE = "home_school_contact.AnomalyStep"
INCIDENT = "incident"


def of_contact_child(
    contact: Contact, row: ContactChild, *, supersedes_id: int | None = None, quantity: int = 1
) -> NewFact:
    """`contact.made` about the child; `quantity=0` takes it back."""
    return NewFact(
        kind="contact.made",
        subject_type="child",
        subject_id=row.child_id,
        place_id=row.class_place_id,
        on_date=localtime(contact.made_at).date(),
        actor_id=row.post.staff_id,
        actor_post_id=row.post_id,
        status=contact.channel,
        quantity=quantity,
        attrs={"contact": contact.pk},
        source_model=CONTACT_SOURCE,
        source_id=row.pk,
        supersedes_id=supersedes_id,
    )


def of_anomaly(anomaly: Anomaly, *, supersedes_id: int | None = None, quantity: int = 1) -> NewFact:
    return NewFact(
        kind="anomaly.noticed",
        subject_type=INCIDENT,
        subject_id=anomaly.pk,
        place_id=anomaly.class_place_id,
        on_date=_day(anomaly.noticed_at),
        actor_id=anomaly.noticer_id,
        quantity=quantity,
        source_model=ANOMALY_SOURCE,
        source_id=anomaly.pk,
        supersedes_id=supersedes_id,
    )


def of_step(anomaly: Anomaly, step: AnomalyStep) -> list[NewFact]:
    """A contact closes the duty, and so does a lawful reason, which is never said here; a step of
    another kind proves nothing."""
    if step.kind not in {"contact", "excuse"}:
        return []
    return [
        NewFact(
            kind="anomaly.contacted" if step.kind == "contact" else "anomaly.excused",
            subject_type=INCIDENT,
            subject_id=anomaly.pk,
            place_id=anomaly.class_place_id,
            on_date=_day(step.taken_at),
            actor_id=step.taken_by_id,
            source_model=STEP_SOURCE,
            source_id=step.pk,
        )
    ]


def _day(moment: datetime):
    return localtime(moment).date()
