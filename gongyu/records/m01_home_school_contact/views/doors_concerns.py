"""Who enters the pages of contacts and of children who seem not well."""

from __future__ import annotations

from django.http import HttpRequest

from gongyu.ground.calendar.clock import today
from gongyu.ground.places.models import Place

from .. import rules_concerns as rules
from ..models_concerns import Anomaly, HandOver
from ..queries import concerns, contacts
from ..queries.concerns import ChildChoice, Leaver
from ..queries.contacts import ContactPage
from ..queries.overview import class_place


def notes_anomalies(request: HttpRequest) -> bool:
    return rules.may_note_at_all(request.actor)


def child_to_note(request: HttpRequest, pk: int) -> ChildChoice | None:
    return concerns.child_chosen(request.actor, pk, today())


def anomaly_read(request: HttpRequest, pk: int) -> Anomaly | None:
    return concerns.anomaly_for(request.actor, pk, today())


def anomaly_acted_on(request: HttpRequest, pk: int) -> Anomaly | None:
    found = concerns.anomaly_for(request.actor, pk, today())
    return found if found and rules.may_act_on(request.actor, found, today()) else None


def anomaly_retracted(request: HttpRequest, pk: int) -> Anomaly | None:
    found = concerns.anomaly_for(request.actor, pk, today())
    return found if found and rules.may_retract(request.actor, found, today()) else None


def hands_over(request: HttpRequest) -> bool:
    return rules.schools_led(request.actor, today()).exists()


def leaver(request: HttpRequest, pk: int) -> Leaver | None:
    return concerns.leaver_of(request.actor, pk, today())


def offered_here(request: HttpRequest, pk: int) -> HandOver | None:
    """A hand-over that the actor's school takes in or not."""
    found = concerns.hand_over_for(request.actor, pk, today())
    here = found is not None and rules.leads_school(request.actor, found.to_school_id, today())
    return found if here else None


def offered_by_us(request: HttpRequest, pk: int) -> HandOver | None:
    found = concerns.hand_over_for(request.actor, pk, today())
    ours = found is not None and rules.leads_school(request.actor, found.from_school_id, today())
    return found if ours else None


def class_contacted(request: HttpRequest, pk: int) -> Place | None:
    return class_place(pk) if rules.may_record_contacts(request.actor, pk, today()) else None


def contact_read(request: HttpRequest, pk: int) -> ContactPage | None:
    return contacts.contact_page(request.actor, pk, today())


def contact_corrected(request: HttpRequest, pk: int) -> ContactPage | None:
    found = contacts.contact_page(request.actor, pk, today())
    return found if found is not None and found.may_correct else None
