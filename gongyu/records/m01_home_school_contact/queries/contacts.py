"""Contacts as they are read: a child's, a class's, and how many by which channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_bounds, school_year_of
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.places.models import Place
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.naming import by_name

from .. import rules_concerns as rules
from ..concern_codes import Channel
from ..models import VisitChild
from ..models_concerns import Contact, ContactChild

SHOWN = 30


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact as a list shows it."""

    contact_id: int
    made_at: datetime
    channel: str
    who: str
    children: str
    line: str
    asked: str
    follows: str


@dataclass(frozen=True, slots=True)
class ChannelCount:
    label: str
    number: int


def families_of_class(class_id: int, on: date) -> list[Child]:
    """The children of a class on the day, by name: what the form ticks. One SQL query."""
    rows = Enrolment.objects.on(on).filter(school_class=class_id).select_related("child")
    return by_name((row.child for row in rows.order_by("pk")), lambda child: child.name)


def contacts_of_child(child: Child, on: date, actor: Actor | None) -> list[ContactLine]:
    """The child's contacts that the actor may read, the newest first. Two SQL queries."""
    return _lines(_of_child(child.pk, on, actor)) if actor is not None else []


@prepared
def _of_child(child_id: int, on: date, actor: Actor):
    rows = rules.contacts_readable(actor, on)
    return _newest(rows.filter(child=child_id, contact__status="standing"))


def contacts_of_class(class_id: int, on: date, actor: Actor | None) -> list[ContactLine]:
    """The newest contacts of a class that the actor may read. Two SQL queries."""
    rows = rules.contacts_readable(actor, on).filter(
        class_place=class_id, contact__status="standing"
    )
    return _lines(_newest(rows))


def _newest(rows: QuerySet[ContactChild]) -> QuerySet[ContactChild]:
    ordered = rows.select_related("contact__maker", "child").order_by(
        "-contact__made_at", "-contact_id", "child__name"
    )
    return ordered.defer(
        "child__id_number", "child__registry_number", "child__address",
        "contact__maker__id_number", "contact__maker__phone",
    )[: SHOWN * 4]  # fmt: skip


def _lines(rows: Iterable[ContactChild]) -> list[ContactLine]:
    found: dict[int, list[ContactChild]] = {}
    for row in rows:
        found.setdefault(row.contact_id, []).append(row)
    return [
        ContactLine(
            contact_id=pk,
            made_at=each[0].contact.made_at,
            channel=each[0].contact.get_channel_display(),
            who=each[0].contact.maker.name,
            children="、".join(row.child.name for row in each),
            line=each[0].contact.line,
            asked=each[0].contact.asked,
            follows=each[0].contact.follows,
        )
        for pk, each in list(found.items())[:SHOWN]
    ]


def channel_counts(place: Place, on: date) -> list[ChannelCount]:
    """How often the families of a class or school were reached this school year, by channel, visits
    beside; each child of a contact counts once. Counted, never judged. Two SQL queries."""
    first, until = school_year_bounds(school_year_of(on))
    of_place = {"class_place" if place.kind == Place.Kind.CLASS else "school": place.pk}
    made = (
        ContactChild.objects.filter(**of_place)
        .filter(contact__status="standing", contact__made_at__date__gte=first)
        .filter(contact__made_at__date__lt=until)
        .values("contact__channel")
        .annotate(number=Count("pk"))
    )
    counts = Counter({row["contact__channel"]: row["number"] for row in made})
    visits = VisitChild.objects.filter(
        **of_place,
        visit__status="standing",
        visit__outcome="held",
        visit__visited_on__gte=first,
        visit__visited_on__lt=until,
    ).count()
    return [
        ChannelCount("家访", visits),
        *(ChannelCount(str(channel.label), counts[channel]) for channel in Channel),
    ]


@dataclass(frozen=True, slots=True)
class ContactPage:
    """One contact, with the children whom the reader may read."""

    contact: Contact
    rows: list[ContactChild]
    others: int
    may_correct: bool


def contact_page(actor: Actor | None, contact_id: int, on: date) -> ContactPage | None:
    rows = list(
        rules.contacts_readable(actor, on)
        .filter(contact=contact_id)
        .select_related("child", "class_place", "contact__maker")
        .order_by("child__name")
    )
    if not rows:
        return None
    contact = rows[0].contact
    return ContactPage(
        contact,
        rows,
        contact.children.count() - len(rows),
        rules.may_correct_contact(actor, contact, on),
    )
