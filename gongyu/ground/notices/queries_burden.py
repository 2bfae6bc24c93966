"""What notices cost people: by department and month, how many, for how many people, how long.

The time is an estimate: seconds of one reader (`reading.seconds_to_read`) times the people told, and
five minutes of staff for each slip. Schools are one line together: no school is set beside another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import make_aware

from gongyu.ground.places.models import Containment, Place, SchoolClass

from .models import Delivery, Notice
from .parameters import SECONDS_TO_HAND_OVER

_HANDED = ("to_hand", "handed")


@dataclass(frozen=True, slots=True)
class BurdenLine:
    """One department in one month. `tasks` are the notices among them that ask for something;
    `people` are carers told, one for each notice; `slips` were handed over by staff or wait for it;
    `minutes` of families, `staff_minutes` of those who hand over."""

    month: date
    name: str
    is_department: bool
    notices: int
    tasks: int
    campaigns: int
    people: int
    minutes: int
    slips: int

    @property
    def staff_minutes(self) -> int:
        return round(self.slips * SECONDS_TO_HAND_OVER / 60)


def burden_within(
    place: Place, first: date, until: date, on: date, *, schools_name: str
) -> list[BurdenLine]:
    """Of a city or district: each department by itself, the schools together as `schools_name`; the
    newest month first. Of a school: what it sent itself, and what departments sent to its families,
    counted for its own. Some five SQL queries."""
    notices = Notice.objects.filter(sent_at__gte=_start(first), sent_at__lt=_start(until))
    if place.kind == Place.Kind.SCHOOL:
        return _sorted(
            [*_lines(notices.filter(department=place.pk)), *_campaigns_at(place.pk, notices)]
        )
    inside = Containment.objects.on(on).filter(ancestor=place.pk)
    departments = inside.filter(place_kind=Place.Kind.DEPARTMENT).values("place")
    schools = inside.filter(place_kind=Place.Kind.SCHOOL).values("place")
    return _sorted(
        [
            *_lines(notices.filter(department__in=departments)),
            *_lines(notices.filter(department__in=schools), together=schools_name),
        ]
    )


def _start(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def _sorted(lines: Iterable[BurdenLine]) -> list[BurdenLine]:
    return sorted(lines, key=lambda one: (-one.month.toordinal(), not one.is_department, one.name))


def _lines(notices: QuerySet[Notice], together: str = "") -> list[BurdenLine]:
    keys = ["month"] if together else ["month", "department"]
    months = notices.annotate(month=TruncMonth("sent_at"))
    rows = list(
        months.values(*keys)
        .order_by()
        .annotate(
            count=Count("pk"),
            tasks=Count("pk", filter=~Q(kind="to_know")),
            campaigns=Count("pk", filter=Q(is_campaign=True)),
            told=Sum("people"),
            seconds=Sum(F("people") * F("seconds")),
        )
    )
    slips = _slips(notices, keys)
    names = dict(
        Place.objects.filter(pk__in={row.get("department") for row in rows} - {None}).values_list(
            "pk", "name"
        )
    )
    return [
        BurdenLine(
            month=row["month"].date(),
            name=together or names[row["department"]],
            is_department=not together,
            notices=row["count"],
            tasks=row["tasks"],
            campaigns=row["campaigns"],
            people=row["told"] or 0,
            minutes=round((row["seconds"] or 0) / 60),
            slips=slips.get(tuple(row[key] for key in keys), 0),
        )
        for row in rows
    ]


def _slips(notices: QuerySet[Notice], keys: list[str]) -> dict[tuple, int]:
    handed = Delivery.objects.filter(notice__in=notices.values("pk"))
    handed = handed.filter(Q(status__in=_HANDED) | Q(handed_at__isnull=False))
    rows = handed.annotate(month=TruncMonth("notice__sent_at"), department=F("notice__department"))
    counted = rows.values(*keys).order_by().annotate(count=Count("pk"))
    return {tuple(row[key] for key in keys): row["count"] for row in counted}


def _campaigns_at(school_id: int, notices: QuerySet[Notice]) -> list[BurdenLine]:
    """What departments sent to this school's families: one for each notice and carer."""
    classes = SchoolClass.objects.filter(school=school_id).values("place")
    told = Delivery.objects.filter(
        notice__in=notices.filter(is_campaign=True).values("pk"),
        children__class_place__in=classes,
        carer__isnull=False,
    )
    rows = (
        told.annotate(month=TruncMonth("notice__sent_at"))
        .values("month", "notice", "notice__kind", "notice__seconds", "notice__department__name")
        .order_by()
        .annotate(people=Count("pk", distinct=True))
    )
    found: dict[tuple, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        sums = found[row["month"].date(), row["notice__department__name"]]
        sums[0] += 1
        sums[1] += row["notice__kind"] != "to_know"
        sums[2] += row["people"]
        sums[3] += row["people"] * row["notice__seconds"]
    return [
        BurdenLine(month, name, True, count, tasks, count, people, round(seconds / 60), 0)
        for (month, name), (count, tasks, people, seconds) in found.items()
    ]
