"""Loading the units, and opening, moving, closing places. Each change writes its audit row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import SYSTEM, Actor

from . import closure, loading, placing, queries, rules
from .models import Place, Placement, School, SchoolClass, Succession
from .naming import class_code, class_name, initials
from .unit_files import department_lives, read_units

Kind = Place.Kind


@dataclass(frozen=True, slots=True)
class NewSchool:
    """A school to open; `town_id` may also be a district's."""

    code: str
    name: str
    kind: str
    town_id: int
    from_on: date
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class NewClass:
    """A class to open for one school year; `school_year` is the year in which it starts."""

    school_id: int
    school_year: int
    stage: str
    grade: int
    number: int
    from_on: date
    until_on: date
    name: str | None = None
    campus_id: int | None = None


@transaction.atomic
def load_units(*, by: Actor) -> loading.Loaded:
    """Bring city, districts, towns and communities into line with the files; again changes nothing."""
    loaded = loading.store(read_units())
    if loaded.touched:
        placing.follow_successors()
        closure.rebuild()
    return _audited_load(loaded, "units", by)


@transaction.atomic
def load_departments(*, by: Actor) -> loading.Loaded:
    """Open the thirteen departments at the city and in every district that is or was."""
    seats = list(Place.objects.filter(kind__in=[Kind.CITY, Kind.DISTRICT]).order_by("code"))
    earlier: dict[int, list[Place]] = defaultdict(list)
    for succession in Succession.objects.filter(place__in=seats).select_related("predecessor"):
        earlier[succession.place_id].append(succession.predecessor)
    loaded = loading.store(department_lives(seats, earlier))
    if loaded.touched:
        offices = Place.objects.filter(kind=Kind.DEPARTMENT)
        closure.rebuild(list(offices.values_list("pk", flat=True)))
    return _audited_load(loaded, "departments", by)


def _audited_load(loaded: loading.Loaded, what: str, by: Actor) -> loading.Loaded:
    city = queries.city()
    told = {"what": what, **loaded.counts()}
    audit.record("place.load", by=by, subject=("place", city.pk), place_id=city.pk, detail=told)
    return loaded


@transaction.atomic
def open_place(
    kind: str,
    code: str,
    name: str,
    parent_id: int,
    from_on: date,
    *,
    by: Actor,
    predecessors: Sequence[Place] = (),
    urban_kind: str = "",
) -> Place:
    """Open a unit, a department or a venue; schools and classes have verbs of their own."""
    parent = Place.objects.get(pk=parent_id)
    rules.check_can_stand(kind, parent, from_on)
    _check_codes_are_free([(kind, code)], from_on)
    place = Place.objects.create(
        kind=kind,
        code=code,
        name=name,
        initials=initials(name),
        from_on=from_on,
        urban_kind=urban_kind,
        source=loading.LOCAL_SOURCE,
    )
    Succession.objects.bulk_create(
        [Succession(place=place, predecessor=earlier) for earlier in predecessors]
    )
    placing.place_under([(place, parent)])
    closure.rebuild([place.pk])
    _audit("place.open", [place], by)
    return place


def open_school(
    code: str,
    name: str,
    kind: str,
    town_id: int,
    from_on: date,
    *,
    by: Actor,
    is_private: bool = False,
) -> School:
    """Open a school under its town; where the town was renumbered, the school follows it."""
    row = NewSchool(code, name, kind, town_id, from_on, is_private)
    return open_schools([row], by=by)[0]


@transaction.atomic
def open_schools(rows: Iterable[NewSchool], *, by: Actor) -> list[School]:
    """Open many schools at once, in the order given."""
    rows = list(rows)
    parents = Place.objects.in_bulk({row.town_id for row in rows})
    places = []
    for row in rows:
        rules.check_can_stand(Kind.SCHOOL, parents[row.town_id], row.from_on)
        places.append(
            Place(
                kind=Kind.SCHOOL,
                code=row.code,
                name=row.name,
                initials=initials(row.name),
                from_on=row.from_on,
                source=loading.LOCAL_SOURCE,
            )
        )
    _check_codes_are_free([(Kind.SCHOOL, row.code) for row in rows])
    Place.objects.bulk_create(places)
    schools = [
        School(place=place, kind=row.kind, is_private=row.is_private)
        for place, row in zip(places, rows, strict=True)
    ]
    School.objects.bulk_create(schools)
    placing.place_under([(p, parents[row.town_id]) for p, row in zip(places, rows, strict=True)])
    closure.rebuild([place.pk for place in places])
    _audit("place.open", places, by)
    return schools


@transaction.atomic
def open_campus(code: str, name: str, school_id: int, from_on: date, *, by: Actor) -> Place:
    """Open a campus or teaching point of a school."""
    return open_place(Kind.CAMPUS, code, name, school_id, from_on, by=by)


def open_class(
    school_id: int,
    school_year: int,
    stage: str,
    grade: int,
    number: int,
    from_on: date,
    until_on: date,
    *,
    by: Actor,
    name: str | None = None,
    campus_id: int | None = None,
) -> SchoolClass:
    """Open one class for one school year."""
    days = (from_on, until_on)
    row = NewClass(school_id, school_year, stage, grade, number, *days, name, campus_id)
    return open_classes([row], by=by)[0]


@transaction.atomic
def open_classes(rows: Iterable[NewClass], *, by: Actor) -> list[SchoolClass]:
    """Open many classes at once, in the order given."""
    rows = list(rows)
    schools = School.objects.select_related("place").in_bulk({row.school_id for row in rows})
    campuses = Place.objects.in_bulk({row.campus_id for row in rows if row.campus_id})
    places, classes = [], []
    for row in rows:
        school = schools[row.school_id]
        rules.check_can_open_class(
            school.place, school.kind, row.stage, row.grade, row.from_on, row.until_on
        )
        place = _class_place(row, school.place.code)
        places.append(place)
        classes.append(
            SchoolClass(
                place=place,
                school=school.place,
                school_year=row.school_year,
                stage=row.stage,
                grade=row.grade,
                number=row.number,
            )
        )
    _check_codes_are_free([(Kind.CLASS, place.code) for place in places])
    Place.objects.bulk_create(places)
    SchoolClass.objects.bulk_create(classes)
    parents = [campuses.get(row.campus_id) or schools[row.school_id].place for row in rows]
    for parent, row in zip(parents, rows, strict=True):
        rules.check_can_stand(Kind.CLASS, parent, row.from_on)
    placing.place_under(list(zip(places, parents, strict=True)))
    closure.rebuild([place.pk for place in places])
    _audit("place.open", places, by)
    return classes


def _class_place(row: NewClass, school_code: str) -> Place:
    name = row.name or class_name(row.stage, row.grade, row.number)
    return Place(
        kind=Kind.CLASS,
        code=class_code(school_code, row.school_year, row.stage, row.grade, row.number),
        name=name,
        initials=initials(name),
        from_on=row.from_on,
        until_on=row.until_on,
        source=loading.LOCAL_SOURCE,
    )


@transaction.atomic
def close_place(
    place: Place, until_on: date, *, by: Actor, successor: Place | None = None
) -> Place:
    """Close a place from a day on. A school takes its campuses and classes with it; what stands in
    a unit goes to the successor, and without one the unit is not closed."""
    standing = queries.standing_in(place, until_on)
    takes_along = place.kind in (Kind.SCHOOL, Kind.CAMPUS)
    rules.check_can_close(place, until_on, [] if takes_along or successor else standing)
    closing = [place.pk]
    if takes_along:
        closing = sorted(closure.with_all_below([place.pk]))
    elif successor is not None:
        for child in standing:
            placing.move(child, successor, until_on)
        Succession.objects.get_or_create(place=successor, predecessor=place)
    _close(closing, until_on)
    place.refresh_from_db()
    closure.rebuild(closing)
    _audit("place.close", [place], by)
    return place


def _close(place_ids: list[int], until_on: date) -> None:
    still = Q(until_on__isnull=True) | Q(until_on__gt=until_on)
    # What would have begun after the day never begins, so its interval is left as it is and the
    # parent's end cuts it off.
    begun = Q(from_on__lt=until_on)
    Place.objects.filter(still, begun, pk__in=place_ids).update(
        until_on=until_on, source=loading.LOCAL_SOURCE
    )
    Placement.objects.filter(still, begun, place__in=place_ids).update(until_on=until_on)


@transaction.atomic
def move_place(place: Place, parent: Place, from_on: date, *, by: Actor) -> Place:
    """Put a place under another parent from a day on; where it stood before stays as it was."""
    placing.move(place, parent, from_on)
    place.refresh_from_db()
    closure.rebuild([place.pk])
    _audit("place.move", [place], by)
    return place


@transaction.atomic
def rename_place(place: Place, name: str, *, by: Actor, beside: Sequence[Place] = ()) -> Place:
    """Call a place by another name from now on, wherever it is shown; the audit keeps the one it
    had. `beside` are the places whose names it must not bear. Raises PlaceRefused."""
    rules.check_can_rename(place, name, beside)
    before = place.name
    place.name, place.initials = name, initials(name)
    place.save(update_fields=["name", "initials"])
    detail = {"kind": place.kind, "before": before, "after": name}
    audit.record(
        "place.rename", by=by, subject=("place", place.pk), place_id=place.pk, detail=detail
    )
    return place


@transaction.atomic
def rebuild_containments(place_ids: Sequence[int] | None = None, *, by: Actor = SYSTEM) -> int:
    """Work out the closure anew, for these places and all below them, or for all."""
    count = closure.rebuild(place_ids)
    audit.record("place.rebuild", by=by, subject=("place", None), detail={"places": count})
    return count


def _check_codes_are_free(codes: Sequence[tuple[str, str]], from_on: date | None = None) -> None:
    """Refuse a code that is borne already, or twice in one batch, with the code named."""
    wanted = {code for _, code in codes}
    taken = Place.objects.filter(kind__in={kind for kind, _ in codes})
    if from_on is not None:
        # A unit's code may be used again once the earlier unit is closed.
        taken = taken.filter(Q(until_on__isnull=True) | Q(until_on__gt=from_on))
    ordered = sorted(wanted)
    for start in range(0, len(ordered), 2_000):
        hit = taken.filter(code__in=ordered[start : start + 2_000]).first()
        if hit is not None:
            raise rules.PlaceRefused(
                _("代码%(code)s已由%(name)s使用。请核对代码，或先撤销原单位。")
                % {"code": hit.code, "name": hit.name}
            )
    if len(wanted) != len(codes):
        raise rules.PlaceRefused(_("同一批中有重复的代码。请核对后再提交。"))


def _audit(verb: str, places: Sequence[Place], by: Actor) -> None:
    deeds = [
        audit.Deed(
            verb, subject=("place", place.pk), place_id=place.pk, detail={"kind": place.kind}
        )
        for place in places
    ]
    audit.record_many(deeds, by=by)
