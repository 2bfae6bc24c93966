"""A school's activities in time, what a class is invited to, and one activity with its slots."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils.timezone import make_aware

from gongyu.ground.access.permissions import ACTIVITY_READ, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.prepared import prepared

from .. import rules
from ..models import Activity, Closing, Slot
from ..states import ACTIVITY
from .audience import audience_words


@dataclass(frozen=True, slots=True)
class Line:
    """One activity in a list. `families` came, where it is closed; the counts are of families."""

    activity: Activity
    state: str
    label: str
    families: int | None
    booked: int
    waiting: int
    places: int
    replaced_by: Activity | None

    @property
    def is_overdue(self) -> bool:
        return self.state == "held"


@dataclass(frozen=True, slots=True)
class SchoolPage:
    """A school's activities: what waits for somebody, what comes, what was."""

    school: Place
    to_close: list[Line] = field(default_factory=list)
    coming: list[Line] = field(default_factory=list)
    past: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """One activity whole. `missing_links`: families invited by class that have no link yet."""

    line: Line
    audience: str
    slots: list[Slot]
    closing: Closing | None
    corrections: int
    keeps: bool
    books: bool

    @property
    def activity(self) -> Activity:
        return self.line.activity

    @property
    def steps(self) -> set[str]:
        """What may be done from here, by the table of states."""
        return set(ACTIVITY[self.line.state]["to"])


def activities_between(
    school_id: int, first: date, until: date, moment: datetime, *, kinds: tuple[str, ...] = ()
) -> list[Line]:
    """The activities of a school on the days [first, until), in order of time. Three SQL queries."""
    rows = _of_school(school_id, _midnight(first), _midnight(until), kinds=kinds)
    return _lines(rows, moment)


@prepared
def _of_school(school_id: int, first: datetime, until: datetime, *, kinds: tuple[str, ...]):
    rows = _with_counts(Activity.objects.filter(school=school_id))
    rows = rows.filter(starts_at__gte=first, starts_at__lt=until)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.order_by("starts_at", "pk")


def school_page(school: Place, on: date, moment: datetime) -> SchoolPage:
    """A year back and all that is to come. Three SQL queries."""
    found = activities_between(
        school.pk, on - timedelta(days=365), on + rules.FARTHEST_AHEAD, moment
    )
    page = SchoolPage(school)
    for line in found:
        if line.state == "held":
            page.to_close.append(line)
        elif line.state in {"planned", "invited"}:
            page.coming.append(line)
        else:
            page.past.insert(0, line)
    return page


def class_lines(class_id: int, actor: Actor | None, on: date, moment: datetime) -> list[Line]:
    """What the families of a class are invited to, and what the actor plans for it: from a month
    back on. Three SQL queries."""
    rows = _with_counts(Activity.objects.filter(audience__class_place=class_id))
    rows = rows.filter(starts_at__gte=_midnight(on - timedelta(days=30)))
    own = rules.activities_kept_by(actor, on).filter(scope=Activity.Scope.CLASSES)
    rows = rows.filter(~Q(status="planned") | Q(pk__in=own.values("pk")))
    return _lines(list(rows.order_by("starts_at", "pk")), moment)


def kept_among(lines: list[Line], actor: Actor | None, on: date) -> set[int]:
    """The ids of those that the actor changes and closes. One SQL query."""
    ids = [line.activity.pk for line in lines]
    return set(rules.activities_kept_by(actor, on).filter(pk__in=ids).values_list("pk", flat=True))


def activity_page(
    actor: Actor | None, activity_id: int, on: date, moment: datetime
) -> ActivityPage | None:
    """The activity, or None where the actor may not know of it."""
    seen = rules.activities_visible_to(actor, on).filter(pk=activity_id)
    rows = list(_with_counts(Activity.objects.filter(pk__in=seen.values("pk"))))
    if not rows:
        return None
    [line] = _lines(rows, moment)
    activity = line.activity
    closings = list(Closing.objects.filter(activity=activity).select_related("recorded_by"))
    return ActivityPage(
        line=line,
        audience=audience_words(activity),
        slots=list(activity.slots.all()),
        closing=next((c for c in closings if c.stands), None),
        corrections=sum(not c.stands for c in closings),
        keeps=rules.may_keep_activity(actor, activity, on),
        books=rules.may_list_bookings(actor, activity, on),
    )


def activity_for(actor: Actor | None, activity_id: int, on: date) -> Activity | None:
    """An activity that the actor may see, or None."""
    rows = rules.activities_visible_to(actor, on).filter(pk=activity_id)
    return rows.select_related("school", "organiser", "responsible").first()


def slot_with_activity(slot_id: int) -> Slot | None:
    return Slot.objects.select_related("activity").filter(pk=slot_id).first()


def is_for_class(activity: Activity, class_id: int) -> bool:
    return activity.audience.filter(class_place=class_id).exists()


def closing_of(activity: Activity) -> Closing | None:
    """What stands of how it was closed."""
    return activity.closings.filter(stands=True).first()


def schools_seen_by(actor: Actor | None, on: date) -> list[Place]:
    """The schools whose whole list of activities the actor reads."""
    seen = places_with(actor, ACTIVITY_READ, kind=Place.Kind.SCHOOL, on=on)
    return list(Place.objects.filter(pk__in=seen).order_by("name"))


def classes_seen_by(actor: Actor | None, on: date) -> list[Place]:
    """The classes of a teacher's own posts."""
    seen = places_with(actor, ACTIVITY_READ, kind=Place.Kind.CLASS, on=on)
    return list(Place.objects.filter(pk__in=seen).order_by("name"))


def _with_counts(rows):
    booked = Count("bookings", filter=Q(bookings__status="booked"))
    waiting = Count("bookings", filter=Q(bookings__status="waiting"))
    return rows.annotate(n_booked=booked, n_waiting=waiting).select_related(
        "school", "organiser", "responsible", "replaces"
    )


def _lines(rows: list[Activity], moment: datetime) -> list[Line]:
    ids = [row.pk for row in rows]
    if not ids:
        return []
    came = dict(_families_that_came(ids))
    later = {a.replaces_id: a for a in _replacing(ids)}
    places: dict[int, int] = {}
    for activity_id, capacity in _capacities(ids):
        places[activity_id] = places.get(activity_id, 0) + capacity
    return [
        Line(
            activity=row,
            state=row.state_at(moment),
            label=row.label_at(moment),
            families=came.get(row.pk),
            booked=row.n_booked,
            waiting=row.n_waiting,
            places=places.get(row.pk, 0),
            replaced_by=later.get(row.pk),
        )
        for row in rows
    ]


@prepared
def _families_that_came(ids: list[int]):
    closed = Closing.objects.filter(activity__among=ids, stands=True)
    return closed.values_list("activity", "families")


@prepared
def _replacing(ids: list[int]):
    return Activity.objects.filter(replaces__among=ids)


@prepared
def _capacities(ids: list[int]):
    return Slot.objects.filter(activity__among=ids).values_list("activity", "capacity")


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
