"""Who may note, read and act on a child who seems not well; who records and reads contacts."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import CHILD_READ, VISIT_RECORD, holds, may, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.people.rules import children_visible_to
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Role

from .models_concerns import Anomaly, Contact, ContactChild, HandOver
from .rules import READERS_OF_A_SCHOOL, in_roles
from .states import ANOMALY, CONTACT, HAND_OVER, leads_to

A_MOMENT = timedelta(minutes=10)
LONG_AGO = timedelta(days=366)
FARTHEST_AHEAD = timedelta(days=366)


class ConcernFault(ValueError):
    """What cannot be recorded; `field` names the form's field (empty: the whole form)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def may_note_at_all(actor: Actor | None) -> bool:
    """Whoever works with children here today; the child itself is looked for in the own reach."""
    return actor is not None and actor.staff_id is not None and holds(actor, CHILD_READ)


def children_to_note(actor: Actor | None, on: date) -> QuerySet[Child]:
    """The children whom the actor may read today."""
    return children_visible_to(actor, on)


def child_to_note(actor: Actor | None, child_id: int, on: date) -> Child | None:
    """One of them, or None."""
    return children_to_note(actor, on).filter(pk=child_id).first()


def anomalies_read_in_full(actor: Actor | None, on: date) -> QuerySet[Anomaly]:
    """The chronologies that the actor needs: a class teacher's of the own pupils of today, a head's
    and a head of moral education's of the school; from another school only what was handed over
    and accepted, and only as long as the child is here."""
    if not holds(actor, CHILD_READ):
        return Anomaly.objects.none()
    readers = in_roles(actor, *READERS_OF_A_SCHOOL)
    schools = places_with(readers, CHILD_READ, kind=Place.Kind.SCHOOL, on=on)
    teachers = in_roles(actor, Role.CLASS_TEACHER)
    classes = places_with(teachers, CHILD_READ, kind=Place.Kind.CLASS, on=on)
    here = Enrolment.objects.on(on).filter(child=OuterRef("child"))
    in_own = here.filter(Q(school__in=schools) | Q(school_class__in=classes))
    handed = HandOver.objects.filter(
        anomalies=OuterRef("pk"),
        status="accepted",
        to_school__in=Enrolment.objects.on(on)
        .filter(child=OuterRef(OuterRef("child")))
        .values("school"),
    )
    own_school = here.filter(school=OuterRef("school"), school_class__in=classes)
    return Anomaly.objects.filter(
        Q(school__in=schools) | Q(Exists(own_school)) | (Q(Exists(in_own)) & Q(Exists(handed)))
    )


def anomalies_visible_to(actor: Actor | None, on: date) -> QuerySet[Anomaly]:
    """Those read in full, and the own notes about children of today's reach."""
    if not holds(actor, CHILD_READ):
        return Anomaly.objects.none()
    own = Q(noticer=actor.staff_id, child__in=children_visible_to(actor, on))
    full = anomalies_read_in_full(actor, on).values("pk")
    return Anomaly.objects.filter(Q(pk__in=full) | own)


def may_read_anomaly(actor: Actor | None, anomaly: Anomaly, on: date) -> bool:
    """True exactly for `anomalies_visible_to`."""
    if may_act_on(actor, anomaly, on):
        return True
    own = actor is not None and actor.staff_id is not None and actor.staff_id == anomaly.noticer_id
    return own and children_visible_to(actor, on).filter(pk=anomaly.child_id).exists()


def may_act_on(actor: Actor | None, anomaly: Anomaly, on: date) -> bool:
    """Whoever reads it in full may contact the family and go on with it."""
    return anomalies_read_in_full(actor, on).filter(pk=anomaly.pk).exists()


def may_retract(actor: Actor | None, anomaly: Anomaly, on: date) -> bool:
    """A slip is taken back by whoever noted it, as long as nobody acted on it."""
    own = actor is not None and actor.staff_id == anomaly.noticer_id
    return own and anomaly.status == "noticed" and may_read_anomaly(actor, anomaly, on)


def schools_led(actor: Actor | None, on: date) -> QuerySet[Place]:
    """The schools whose chronologies the actor hands over and takes in."""
    readers = in_roles(actor, *READERS_OF_A_SCHOOL)
    led = places_with(readers, CHILD_READ, kind=Place.Kind.SCHOOL, on=on)
    return Place.objects.filter(pk__in=led)


def leads_school(actor: Actor | None, school_id: int, on: date) -> bool:
    return may(in_roles(actor, *READERS_OF_A_SCHOOL), CHILD_READ, school_id, on)


def hand_overs_visible_to(actor: Actor | None, on: date) -> QuerySet[HandOver]:
    """Those that the actor's schools offered or were offered."""
    led = schools_led(actor, on).values("pk")
    return HandOver.objects.filter(Q(from_school__in=led) | Q(to_school__in=led))


def may_read_hand_over(actor: Actor | None, hand_over: HandOver, on: date) -> bool:
    """True exactly for `hand_overs_visible_to`."""
    return leads_school(actor, hand_over.from_school_id, on) or leads_school(
        actor, hand_over.to_school_id, on
    )


def contacts_readable(actor: Actor | None, on: date) -> QuerySet[ContactChild]:
    """What was said: for the class teacher of today in the same school, the head and the head of
    moral education, and whoever made the contact as long as the child is in reach."""
    if not holds(actor, CHILD_READ):
        return ContactChild.objects.none()
    readers = in_roles(actor, *READERS_OF_A_SCHOOL)
    schools = places_with(readers, CHILD_READ, kind=Place.Kind.SCHOOL, on=on)
    teachers = in_roles(actor, Role.CLASS_TEACHER)
    classes = places_with(teachers, CHILD_READ, kind=Place.Kind.CLASS, on=on)
    here = Enrolment.objects.on(on).filter(child=OuterRef("child"), school=OuterRef("school"))
    own = Q(contact__maker=actor.staff_id, child__in=children_visible_to(actor, on))
    return ContactChild.objects.filter(
        Q(school__in=schools) | Q(Exists(here.filter(school_class__in=classes))) | own
    )


def may_record_contacts(actor: Actor | None, class_id: int, on: date) -> bool:
    """Whoever may visit the families of a class may call them."""
    return may(actor, VISIT_RECORD, class_id, on)


def may_correct_contact(actor: Actor | None, contact: Contact, on: date) -> bool:
    """Whoever made it, while every child of it is still in reach."""
    if actor is None or contact.status != "standing" or contact.maker_id != actor.staff_id:
        return False
    readable = contacts_readable(actor, on).filter(contact=contact).count()
    return 0 < readable == contact.children.count()


def check_moment(moment: datetime, now: datetime, field: str) -> None:
    """Raises ConcernFault for a moment to come or of another year."""
    if moment > now + A_MOMENT:
        raise ConcernFault(_("时间不能晚于现在，请核对。"), field)
    if moment < now - LONG_AGO:
        raise ConcernFault(_("时间在一年以前，请核对年份。"), field)


def check_next(next_on: date | None, on: date) -> None:
    """What is under way is looked at again on a day to come."""
    if next_on is None:
        raise ConcernFault(_("请定一个再看一看的日子；已经办完的，请选“了结”。"), "next_on")
    if next_on < on:
        raise ConcernFault(_("再看一看的日子不能早于今天。"), "next_on")
    if next_on > on + FARTHEST_AHEAD:
        raise ConcernFault(_("日子要在一年之内，请核对年份。"), "next_on")


def check_anomaly_step(anomaly: Anomaly, step: str) -> str:
    """The status after the step. Raises ConcernFault."""
    following = leads_to(ANOMALY, anomaly.status, step)
    if following is None and anomaly.status == "noticed":
        raise ConcernFault(_("请先记下首次联系照护人，或者不另行联系的理由。"))
    if following is None:
        raise ConcernFault(_("这件事已经有了结果，不能再这样办。"))
    return following


def check_hand_over_step(hand_over: HandOver, step: str) -> str:
    following = leads_to(HAND_OVER, hand_over.status, step)
    if following is None:
        raise ConcernFault(_("这次移交已经有了结果。"))
    return following


def check_contact_stands(contact: Contact, step: str) -> str:
    following = leads_to(CONTACT, contact.status, step)
    if following is None:
        raise ConcernFault(_("这条记录已经更正或撤销，请在最新的一条上修改。"))
    return following
