"""The trials of a quarter: which school's channel was tried, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime

from gongyu.ground.access.permissions import TICKET_OVERSEE, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.shared_work.registers.models import Entry

from ..models import Ticket

CHANNEL = "complaint_channel"


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One school: has it a channel, and its newest trial of this quarter. `state` is none, running,
    works or failed."""

    school: Place
    has_channel: bool
    state: str
    token: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Trials:
    first: date
    until: date
    lines: list[TrialLine]

    @property
    def quarter(self) -> int:
        return (self.first.month + 2) // 3

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)

    @property
    def untried(self) -> list[TrialLine]:
        return [line for line in self.lines if line.state == "none"]

    @property
    def tried(self) -> list[TrialLine]:
        return [line for line in self.lines if line.state != "none"]


def quarter_of(day: date) -> tuple[date, date]:
    """The first day of the calendar quarter, and the first day after it."""
    month = 3 * ((day.month - 1) // 3) + 1
    first = date(day.year, month, 1)
    return first, date(day.year + month // 10, (month + 3 - 1) % 12 + 1, 1)


def schools_overseen(actor: Actor, on: date) -> list[Place]:
    inside = places_with(actor, TICKET_OVERSEE, kind=Place.Kind.SCHOOL, on=on)
    return list(Place.objects.on(on).filter(pk__in=inside).order_by("name", "pk"))


def trials(actor: Actor, on: date) -> Trials:
    """Every school whose desk the actor oversees. Four SQL queries."""
    first, until = quarter_of(on)
    schools = schools_overseen(actor, on)
    ids = [school.pk for school in schools]
    held = set(
        Entry.objects.on(on).filter(kind=CHANNEL, place__in=ids).values_list("place_id", flat=True)
    )
    newest: dict[int, Ticket] = {}
    rows = Ticket.objects.filter(is_trial=True, about__in=ids).filter(
        Q(received_at__date__gte=first, received_at__date__lt=until) | Q(ended_at__isnull=True)
    )
    for row in rows.defer("words", "contact").order_by("received_at", "pk"):
        newest[row.about_id] = row
    return Trials(first, until, [_line(s, s.pk in held, newest.get(s.pk)) for s in schools])


def _line(school: Place, has_channel: bool, trial: Ticket | None) -> TrialLine:
    if trial is None:
        return TrialLine(school, has_channel, "none", "", None)
    if trial.ended_at is None:
        return TrialLine(
            school, has_channel, "running", trial.token, localtime(trial.received_at).date()
        )
    state = "works" if trial.channel_works else "failed"
    return TrialLine(school, has_channel, state, trial.token, localtime(trial.ended_at).date())


def schools_on_trial(ids: Iterable[int]) -> set[int]:
    """Of these schools the ones whose trial still runs."""
    rows = Ticket.objects.filter(is_trial=True, ended_at__isnull=True, about__in=list(ids))
    return set(rows.values_list("about_id", flat=True))


def channel_entry(school_id: int, on: date) -> Entry | None:
    """The school's complaint channel as it is registered on the day."""
    return Entry.objects.on(on).filter(kind=CHANNEL, place=school_id).first()
