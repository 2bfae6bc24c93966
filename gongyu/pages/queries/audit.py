"""The audit rows that an auditor may read: the whole city's, or those of one district."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils import timezone

from gongyu.ground.access.permissions import AUDIT_READ, may, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.audit.models import Entry
from gongyu.ground.places.models import Place

from ..deeds import subject_words

ROWS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the auditor asks for; empty fields ask for everything."""

    verb: str = ""
    person: str = ""
    first: date | None = None
    last: date | None = None
    child: int | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row as shown: the place by name, the subject by kind and number only."""

    seq: int
    at: datetime
    person: str
    verb: str
    subject: str
    place: str
    why: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    lines: list[AuditLine]
    page: Page


def audit_page(actor: Actor, asked: AuditFilter, number: int, on: date) -> AuditPage:
    """One page of the rows in the auditor's scope, newest first. Rows without a place (sign-ins)
    belong to the city's auditors."""
    rows = _asked(_in_scope(actor, on), asked).order_by("-seq")
    page = Paginator(rows, ROWS_A_PAGE).get_page(number)
    entries = list(page.object_list)
    names = _names({entry.place_id for entry in entries})
    lines = [
        AuditLine(
            seq=entry.seq,
            at=entry.at,
            person=entry.actor_name,
            verb=entry.verb,
            subject=subject_words(entry.subject_type, entry.subject_id),
            place=names.get(entry.place_id, ""),
            why=entry.why,
        )
        for entry in entries
    ]
    return AuditPage(lines, page)


def _names(ids: set[int | None]) -> dict[int, str]:
    """{place: its name}; a class is named with its school, for many schools have a 一年级1班."""
    found = Place.objects.filter(pk__in=ids).values_list("pk", "name", "school_class__school__name")
    return {pk: f"{school or ''}{name}" for pk, name, school in found}


def recent(actor: Actor, on: date, limit: int = 8) -> list[Entry]:
    """The newest rows in the auditor's scope."""
    return list(_in_scope(actor, on).order_by("-seq")[:limit])


def readings_of_children(actor: Actor, first: date, until: date) -> int:
    """How often a child's page was read in [first, until), in the auditor's scope."""
    # The scope of the last day asked for: an approval may run out with it.
    rows = _in_scope(actor, until - timedelta(days=1)).filter(verb="child.read")
    return rows.filter(at__gte=_midnight(first), at__lt=_midnight(until)).count()


def _in_scope(actor: Actor, on: date) -> QuerySet[Entry]:
    """The whole audit only for whoever may read the city's today: a post there whose approval has
    lapsed opens nothing, though another post's approval may still run."""
    cities = (post.scope_id for post in actor.posts if post.scope_kind == Place.Kind.CITY)
    if any(may(actor, AUDIT_READ, place_id, on) for place_id in cities):
        return Entry.objects.all()
    return Entry.objects.filter(place_id__in=places_with(actor, AUDIT_READ, on=on))


def _asked(rows: QuerySet[Entry], asked: AuditFilter) -> QuerySet[Entry]:
    if asked.verb:
        rows = rows.filter(verb=asked.verb)
    if asked.person:
        rows = rows.filter(actor_name__contains=asked.person)
    if asked.first:
        rows = rows.filter(at__gte=_midnight(asked.first))
    if asked.last:
        rows = rows.filter(at__lt=_midnight(asked.last + timedelta(days=1)))
    if asked.child:
        rows = rows.filter(subject_type="child", subject_id=asked.child)
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
