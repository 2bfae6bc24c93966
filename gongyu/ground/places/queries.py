"""Where places stand: as of a day, upwards, downwards, and by name. Days are always given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from gongyu.ground.prepared import prepared

from .models import Containment, Place, Placement, SchoolClass
from .unit_files import Department, department_code, read_departments, read_outlines

Kind = Place.Kind

# City first, class last: the order in which a path is read.
ORDER = (
    Kind.CITY,
    Kind.DISTRICT,
    Kind.TOWN,
    Kind.COMMUNITY,
    Kind.DEPARTMENT,
    Kind.SCHOOL,
    Kind.CAMPUS,
    Kind.CLASS,
    Kind.VENUE,
)


@dataclass(frozen=True, slots=True)
class MapShape:
    """One district on the map of a day: its outline is GeoJSON in degrees (CGCS2000)."""

    place_id: int
    code: str
    name: str
    geometry: dict


def city() -> Place:
    """The city. Raises Place.DoesNotExist until the units are loaded."""
    found = _cities()
    if not found:
        raise Place.DoesNotExist("The units are not loaded.")
    return found[0]


@prepared
def _cities():
    return Place.objects.filter(kind=Kind.CITY)


def place_on(kind: str, code: str, day: date) -> Place | None:
    """The place that bore this code on the day."""
    return Place.objects.on(day).filter(kind=kind, code=code).first()


def ancestor(place_id: int, kind: str, day: date) -> Place | None:
    """The place of this kind above (or at) a place on the day: a class's district, say."""
    found = Containment.objects.on(day).filter(place=place_id, ancestor_kind=kind)
    row = found.select_related("ancestor").first()
    return row.ancestor if row else None


def ancestors(place_ids: list[int], kind: str, day: date) -> dict[int, int]:
    """{place id: id of its ancestor of this kind} on the day, for many places at once."""
    found = Containment.objects.on(day).filter(place__in=place_ids, ancestor_kind=kind)
    return dict(found.values_list("place_id", "ancestor_id"))


def codes_above(place_ids: Iterable[int], kind: str, day: date) -> dict[int, str]:
    """{place id: code of its ancestor of this kind} on the day: the districts of schools, say."""
    found = Containment.objects.on(day).filter(place__in=set(place_ids), ancestor_kind=kind)
    return dict(found.values_list("place_id", "ancestor__code"))


def path(place_id: int, day: date) -> list[Place]:
    """From the city down to the place itself, as of the day; empty when it did not exist then."""
    rows = _containers(place_id, day)
    return sorted((row.ancestor for row in rows), key=lambda place: ORDER.index(place.kind))


@prepared
def _containers(place_id: int, day: date):
    return Containment.objects.on(day).filter(place=place_id).select_related("ancestor")


def below(place_id: int, kind: str, day: date) -> QuerySet[Place]:
    """The places of this kind below (or at) a place on the day, in the order of their codes."""
    inside = Containment.objects.on(day).filter(ancestor=place_id, place_kind=kind)
    return Place.objects.filter(pk__in=inside.values("place")).order_by("code")


def children(place_id: int, day: date) -> QuerySet[Place]:
    """The places that stand directly under a place on the day."""
    here = Placement.objects.on(day).filter(parent=place_id)
    return Place.objects.on(day).filter(pk__in=here.values("place")).order_by("kind", "code")


def running_classes(school_id: int, day: date) -> list[Place]:
    """The classes of a school that run on the day or later, in the order of grade and number."""
    rows = SchoolClass.objects.filter(school=school_id).select_related("place")
    running = rows.filter(Q(place__until_on__isnull=True) | Q(place__until_on__gt=day))
    return [row.place for row in running.order_by("school_year", "stage", "grade", "number")]


def districts(day: date) -> QuerySet[Place]:
    """The districts and counties of the day: 38 before 2025-11-06, 37 since."""
    return Place.objects.on(day).filter(kind=Kind.DISTRICT).order_by("code")


def departments() -> tuple[Department, ...]:
    """The thirteen departments of the notice, in its order."""
    return read_departments()


def department_at(seat: Place, department: str, day: date) -> Place | None:
    """The office of a department (code such as `edu`) at the city or a district on the day."""
    return place_on(Kind.DEPARTMENT, department_code(seat.code, department), day)


def search_places(
    text: str,
    day: date,
    *,
    kinds: tuple[str, ...] = (),
    within: int | None = None,
    limit: int = 20,
) -> list[Place]:
    """Places of the day by part of the name, the code's beginning, or pinyin initials.

    Exact names come first, then beginnings, then the larger place. `within` keeps to what stands
    below a place; the caller passes its reader's scope there.
    """
    text = "".join(text.split())
    if not text:
        return []
    found = Place.objects.on(day)
    if kinds:
        found = found.filter(kind__in=kinds)
    if within is not None:
        inside = Containment.objects.on(day).filter(ancestor=within)
        found = found.filter(pk__in=inside.values("place"))
    by_name = Q(name__icontains=text)
    starts = Q(name__istartswith=text)
    if text.isascii():
        by_name |= Q(initials__startswith=text.lower()) | Q(code__startswith=text)
        starts |= Q(initials__startswith=text.lower())
    return list(
        found.filter(by_name)
        .annotate(
            nearness=_ranked([Q(name__iexact=text), starts], 2),
            size=_ranked([Q(kind=kind) for kind in ORDER], len(ORDER)),
        )
        .order_by("nearness", "size", "code")[:limit]
    )


def _ranked(conditions: list[Q], otherwise: int) -> Case:
    whens = [When(condition, then=Value(rank)) for rank, condition in enumerate(conditions)]
    return Case(*whens, default=Value(otherwise), output_field=IntegerField())


def map_of_districts(day: date) -> list[MapShape]:
    """The outlines of the districts of the day. Label every map of them 示意图 (`map_note`)."""
    places = {place.code: place for place in districts(day)}
    iso = day.isoformat()
    shapes = []
    for feature in read_outlines()["features"]:
        about = feature["properties"]
        drawn = about["from_on"] <= iso and (not about["until_on"] or iso < about["until_on"])
        if drawn and about["code"] in places:
            place = places[about["code"]]
            shapes.append(MapShape(place.pk, place.code, place.name, feature["geometry"]))
    return shapes


def map_note() -> str:
    """What must be printed under every map: that it is a sketch, and what it leaves out."""
    return read_outlines()["note"]


def standing_in(place: Place, day: date) -> list[Place]:
    """What would be left without a parent if the place closed on the day."""
    return list(children(place.pk, day))
