"""What a place has in its registers, what is missing, and what waits for its yearly review."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Containment, Place
from gongyu.ground.prepared import keep_fetched, prepared
from gongyu.ground.staff.models import Post, Role, Staff

from . import rules
from .kinds import KINDS, RegisterKind
from .models import Channel, Entry, Review
from .states import ENTRY


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry as a page shows it; `due_on` is the day of its next review."""

    entry: Entry
    state: str
    label: str
    last_review: Review | None
    due_on: date | None

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        if self.entry.until_on is None:
            return None
        return date.fromordinal(self.entry.until_on.toordinal() - 1)


@dataclass(frozen=True, slots=True)
class KindShelf:
    """One kind of entry of a place: the entry in force (or none), what comes, what was."""

    key: str
    kind: RegisterKind
    current: EntryLine | None
    upcoming: list[EntryLine] = field(default_factory=list)
    past: list[EntryLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A place's registers, kind by kind."""

    place: Place
    shelves: list[KindShelf]

    @property
    def missing(self) -> list[KindShelf]:
        return [s for s in self.shelves if s.current is None]

    @property
    def due(self) -> list[KindShelf]:
        return [s for s in self.shelves if s.current and s.current.state == "review_due"]


def registers_of(place: Place, on: date) -> RegisterPage:
    """Every kind that belongs to this kind of place, with its entries. Four SQL queries."""
    by_kind: dict[str, list[EntryLine]] = defaultdict(list)
    for line in _lines(_entries_at(place.pk), on):
        by_kind[line.entry.kind].append(line)
    shelves = [
        _shelf(key, kind, by_kind[key])
        for key, kind in KINDS.items()
        if kind.place_kind == place.kind
    ]
    return RegisterPage(place, shelves)


def history_of(entry: Entry, on: date) -> tuple[list[EntryLine], list[Review]]:
    """All versions of the same kind in the same place, newest first, and all their reviews."""
    lines = _lines(list(_entries().filter(place=entry.place_id, kind=entry.kind)), on)
    reviews = (
        Review.objects.filter(entry__place=entry.place_id, entry__kind=entry.kind)
        .select_related("by", "entry")
        .order_by("-reviewed_on")
    )
    return lines, list(reviews)


def entry_visible_to(actor: Actor | None, entry_id: int, on: date) -> Entry | None:
    """The entry, or None where the actor may not know of it."""
    return (
        rules.entries_visible_to(actor, on)
        .filter(pk=entry_id)
        .select_related("place", "responsible", "replaced_by")
        .first()
    )


def place_to_read(actor: Actor | None, place_id: int, on: date) -> Place | None:
    """A school, or the city, whose registers the actor may read, or None."""
    if not rules.may_read_registers(actor, place_id, on):
        return None
    kinds = [Place.Kind.SCHOOL, Place.Kind.CITY]
    return Place.objects.filter(pk=place_id, kind__in=kinds).first()


def schools_kept_by(actor: Actor | None, on: date) -> list[Place]:
    return list(rules.schools_kept_by(actor, on))


def staff_of(place: Place, on: date) -> QuerySet[Staff]:
    """The members of staff with a post in the place or below it: who can be responsible. For the
    city only its own officers: below it stands everybody."""
    below = Containment.objects.on(on).filter(ancestor=place).values("place_id")
    posts = Post.objects.on(on).filter(place__in=below)
    if place.kind == Place.Kind.CITY:
        posts = posts.filter(role=Role.CITY_OFFICER)
    return Staff.objects.filter(pk__in=posts.values("staff_id")).order_by("initials", "name")


def _entries():
    return _with_people(Entry.objects.all()).prefetch_related("channels__ask")


def _with_people(rows: QuerySet[Entry]) -> QuerySet[Entry]:
    return rows.select_related("responsible", "entered_by").order_by("-from_on")


def _entries_at(place_id: int) -> list[Entry]:
    """As `_entries`, of one place."""
    entries = _of_place(place_id)
    channels: dict[int, list] = defaultdict(list)
    for channel in _channels_of([entry.pk for entry in entries]) if entries else ():
        channels[channel.entry_id].append(channel)
    for entry in entries:
        keep_fetched(entry, "channels", channels[entry.pk])
    return entries


@prepared
def _of_place(place_id: int):
    secrets = ("id_number", "phone")
    beside = [f"{who}__{name}" for who in ("responsible", "entered_by") for name in secrets]
    return _with_people(Entry.objects.filter(place=place_id)).defer(*beside)


@prepared
def _channels_of(entries: list[int]):
    return Channel.objects.filter(entry__among=entries).select_related("ask")


def _lines(entries: list[Entry], on: date) -> list[EntryLine]:
    latest: dict[int, Review] = {}
    ids = [entry.pk for entry in entries]
    for review in _reviews_of(ids, on) if ids else ():
        latest[review.entry_id] = review
    return [_line(entry, latest.get(entry.pk), on) for entry in entries]


@prepared
def _reviews_of(entries: list[int], on: date):
    done = Review.objects.filter(entry__among=entries, reviewed_on__lte=on)
    return done.select_related("by").order_by("reviewed_on")


def _line(entry: Entry, review: Review | None, on: date) -> EntryLine:
    last = review.reviewed_on if review else None
    state = entry.state_on(on, last)
    return EntryLine(entry, state, ENTRY[state]["label"], review, entry.review_due_on(last))


def _shelf(key: str, kind: RegisterKind, lines: list[EntryLine]) -> KindShelf:
    in_force = [x for x in lines if x.state in {"valid", "review_due"}]
    return KindShelf(
        key=key,
        kind=kind,
        current=in_force[0] if in_force else None,
        upcoming=[x for x in lines if x.state == "upcoming"],
        past=[x for x in lines if x.state in {"replaced", "ended"}],
    )
