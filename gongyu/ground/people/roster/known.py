"""What the database knows that a roster is compared with, asked in bulk, as of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from gongyu.ground.calendar.years import school_year_of
from gongyu.ground.people.models import Bar, Care, Carer, Child, Enrolment, HeaderMapping
from gongyu.ground.places.models import Place, School, SchoolClass
from gongyu.ground.places.naming import class_name
from gongyu.ground.secrets.fields import digests

from . import reading
from .class_names import ClassKey, SchoolFrame, clean
from .entries import PupilEntry
from .writing import find

# The kinds of keyed digests by which children and carers are found again.
CHILD_ID, CHILD_REGISTRY = "child.id", "child.registry"
CARER_ID, CARER_PHONE = "carer.id", "carer.phone"

_ASKED_AT_ONCE = 900  # below the parameter limit of every SQLite


@dataclass(slots=True)
class KnownChild:
    pk: int
    name: str
    sex: str
    born_on: date | None
    id_kind: str
    id_digest: str | None
    registry_digest: str | None
    address: str
    home_id: int | None


@dataclass(slots=True)
class KnownEnrolment:
    pk: int
    child_id: int
    school_id: int
    class_id: int
    from_on: date
    until_on: date | None
    boarding: bool
    pupil_number: str


@dataclass(slots=True)
class KnownCare:
    """A carer of a child on the day; `care_id` is None for one who is only barred."""

    care_id: int | None
    carer_id: int
    name: str
    relation: str
    id_digest: str | None
    phone_digest: str
    other_phone: str
    barred: bool


@dataclass(slots=True)
class KnownClass:
    place_id: int
    key: ClassKey
    school_year: int
    name: str
    from_on: date
    until_on: date | None


@dataclass
class Known:
    """Everything of interest about one school and the children named by one roster."""

    school: Place
    stages: tuple[str, ...]
    on: date
    school_year: int
    classes: dict[int, KnownClass]
    campuses: dict[str, int]
    children: dict[int, KnownChild] = field(default_factory=dict)
    by_id: dict[str, int] = field(default_factory=dict)
    by_registry: dict[str, int] = field(default_factory=dict)
    enrolments: dict[int, KnownEnrolment] = field(default_factory=dict)  # by child, on the day
    here: list[int] = field(default_factory=list)  # children enrolled in this school
    later: dict[int, date] = field(default_factory=dict)  # child → a later enrolment's first day
    earlier: dict[int, int] = field(default_factory=dict)  # child → school of the last enrolment
    cares: dict[int, list[KnownCare]] = field(default_factory=dict)

    def class_of(self, key: ClassKey) -> KnownClass | None:
        """This school year's class."""
        return self._by_key.get(key)

    def __post_init__(self) -> None:
        self._by_key = {
            each.key: each for each in self.classes.values() if each.school_year == self.school_year
        }


def school_for_reading(school: Place, on: date) -> reading.School:
    """What reading a file must know of the school."""
    year = school_year_of(on)
    kind = School.objects.get(pk=school.pk)
    rows = SchoolClass.objects.filter(school=school, school_year=year).select_related("place")
    named = {}
    for row in rows:
        key = ClassKey(row.stage, row.grade, row.number)
        if row.place.name != class_name(row.stage, row.grade, row.number):
            named[clean(row.place.name)] = key
    mapped: dict[str, dict[str, str]] = defaultdict(dict)
    said = HeaderMapping.objects.filter(school=school)
    for kind_of_roster, heading, field_name in said.values_list("kind", "heading", "field"):
        mapped[kind_of_roster][heading] = field_name
    campuses = Place.objects.on(on).filter(
        kind=Place.Kind.CAMPUS, placements__parent=school, placements__until_on__isnull=True
    )
    return reading.School(
        code=school.code,
        name=school.name,
        frame=SchoolFrame(kind.stages, year, named),
        campuses=frozenset(campuses.values_list("name", flat=True)),
        mapped=mapped,
    )


def know(school: Place, on: date, pupils: list[PupilEntry]) -> Known:
    """Asks everything that comparing these pupils needs; some forty queries for 20,000 rows."""
    rows = SchoolClass.objects.filter(school=school).select_related("place")
    classes = {
        row.pk: KnownClass(
            row.pk,
            ClassKey(row.stage, row.grade, row.number),
            row.school_year,
            row.place.name,
            row.place.from_on,
            row.place.until_on,
        )
        for row in rows
    }
    campuses = Place.objects.on(on).filter(kind=Place.Kind.CAMPUS, placements__parent=school)
    known = Known(
        school=school,
        stages=School.objects.get(pk=school.pk).stages,
        on=on,
        school_year=school_year_of(on),
        classes=classes,
        campuses=dict(campuses.values_list("name", "pk")),
    )
    set_digests(pupils)
    _children(known, pupils)
    _enrolments(known)
    _cares(known)
    return known


def set_digests(pupils: list[PupilEntry]) -> None:
    """The keyed digests of all numbers of the file, column by column."""
    carers = [carer for pupil in pupils for carer in pupil.carers]
    for people, kind, number, place in (
        (pupils, CHILD_ID, "id_number", "id_digest"),
        (pupils, CHILD_REGISTRY, "registry_number", "registry_digest"),
        (carers, CARER_ID, "id_number", "id_digest"),
        (carers, CARER_PHONE, "phone", "phone_digest"),
    ):
        found = digests(kind, [getattr(one, number) for one in people])
        for one, seal in zip(people, found, strict=True):
            setattr(one, place, seal)


def _chunks(ids: Iterable) -> Iterator[list]:
    ids = list(ids)
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        yield ids[start : start + _ASKED_AT_ONCE]


def _children(known: Known, pupils: list[PupilEntry]) -> None:
    """The children enrolled here on the day, and whoever bears a number of the file."""
    here = Enrolment.objects.on(known.on).filter(school=known.school)
    known.here = list(here.order_by("pk").values_list("child_id", flat=True))
    _take(known, lambda: Child.objects.filter(pk__in=here.values("child")))
    ids = {p.id_digest for p in pupils} - {""} - set(known.by_id)
    registry = {p.registry_digest for p in pupils} - {""} - set(known.by_registry)
    found = {pk for (pk,) in find(Child, "id_digest", ids, ["id"])}
    found |= {pk for (pk,) in find(Child, "registry_digest", registry, ["id"])}
    for chunk in _chunks(sorted(found - set(known.children))):
        _take(known, lambda chunk=chunk: Child.objects.filter(pk__in=chunk))


def _take(known: Known, ask: Callable) -> None:
    fields = [name for name in KnownChild.__slots__ if name != "pk"]
    for row in ask().values_list("pk", *fields):
        child = KnownChild(*row)
        known.children[child.pk] = child
        if child.id_digest:
            known.by_id[child.id_digest] = child.pk
        if child.registry_digest:
            known.by_registry[child.registry_digest] = child.pk


def _enrolments(known: Known) -> None:
    for chunk in _chunks(known.children):
        rows = Enrolment.objects.filter(child__in=chunk).order_by("from_on")
        names = ("pk", "child_id", "school_id", "school_class_id", "from_on", "until_on")
        for row in rows.values_list(*names, "boarding", "pupil_number"):
            each = KnownEnrolment(*row)
            if each.from_on > known.on:
                known.later[each.child_id] = each.from_on
            elif each.until_on is None or each.until_on > known.on:
                known.enrolments[each.child_id] = each
            known.earlier[each.child_id] = each.school_id


def _cares(known: Known) -> None:
    found: dict[int, list[KnownCare]] = defaultdict(list)
    for chunk in _chunks(known.children):
        of_them = Q(child__in=chunk)
        bars = set(Bar.objects.on(known.on).filter(of_them).values_list("child_id", "carer_id"))
        rows = Care.objects.on(known.on).filter(of_them).select_related("carer")
        seen = set()
        for care in rows.order_by("position", "pk"):
            pair = (care.child_id, care.carer_id)
            seen.add(pair)
            found[care.child_id].append(
                _known_care(care.pk, care.carer, care.relation, pair in bars)
            )
        # A barred carer whose care has ended is known all the same, so that no roster lets
        # them in again as somebody new.
        missing = bars - seen
        carers = Carer.objects.in_bulk([carer_id for __, carer_id in missing])
        for child_id, carer_id in sorted(missing):
            found[child_id].append(_known_care(None, carers[carer_id], "", True))
    known.cares = found


def _known_care(care_id: int | None, carer: Carer, relation: str, barred: bool) -> KnownCare:
    return KnownCare(
        care_id,
        carer.pk,
        carer.name,
        relation,
        carer.id_digest,
        carer.phone_digest,
        carer.other_phone,
        barred,
    )


def carers_by_digest(ids: set[str], phones: set[str]) -> tuple[dict[str, int], dict[tuple, int]]:
    """Carers anywhere: id digest → carer, (phone digest, name) → carer. The oldest wins."""
    by_id = dict(find(Carer, "id_digest", ids, ["id_digest", "id"]))
    by_phone: dict[tuple, int] = {}
    for phone, name, pk in find(Carer, "phone_digest", phones, ["phone_digest", "name", "id"]):
        by_phone.setdefault((phone, name), pk)
    return by_id, by_phone
