"""The places of a district or the city with who holds an office there, as its keepers see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place, Placement
from gongyu.ground.staff.models import Post
from gongyu.ground.staff.rules import DEPARTMENT_OF

from .permissions import places_with
from .queries_posts import PostLine, post_line
from .rules_offices import Office, may_keep_office, may_keep_office_post

PER_PAGE = 50
# Who left lately still stands in the list, so that a hand-over can be read.
LATELY = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A place, what it stands under, and the posts of the office there: those of today, to come, and
    ended within a year."""

    place: Place
    above: str
    lines: tuple[PostLine, ...]

    @property
    def is_vacant(self) -> bool:
        return not any(line.state == "now" for line in self.lines)


@dataclass(frozen=True, slots=True)
class OfficePage:
    """The places asked for, in the order of their codes, and how many have nobody today."""

    rows: tuple[OfficeRow, ...]
    page: Page
    total: int
    vacant: int


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """A place where the actor keeps the office."""

    office: Office
    place: Place


@dataclass(frozen=True, slots=True)
class KeptOfficePost:
    """A post of the office that the actor may end."""

    office: Office
    post: Post


def kept_place(
    actor: Actor | None, office: Office | None, place_id: int, on: date
) -> KeptPlace | None:
    """The place, if the actor keeps the office there."""
    found = Place.objects.on(on).filter(pk=place_id).first()
    if office is None or found is None or not may_keep_office(actor, office, found, on):
        return None
    return KeptPlace(office, found)


def kept_office_post(
    actor: Actor | None, office: Office | None, place_id: int, post_id: int, on: date
) -> KeptOfficePost | None:
    """A post of the office in such a place, if the actor may keep it."""
    if office is None:
        return None
    posts = Post.objects.filter(pk=post_id, place=place_id, role=office.role)
    post = posts.select_related("staff", "place").first()
    if post is None or not may_keep_office_post(actor, office, post, on):
        return None
    return KeptOfficePost(office, post)


def office_page(
    actor: Actor, office: Office, words: str, only_vacant: bool, number: str, on: date
) -> OfficePage:
    """The places where the actor keeps the office; `words` is part of a place's name or its initials,
    or of what it stands under. Six questions."""
    places = _places(actor, office, on)
    vacant = places.filter(is_held=False).count() if office.is_single else 0
    total = places.count()
    page = Paginator(_asked(places, words, only_vacant, on), PER_PAGE).get_page(number)
    return OfficePage(tuple(_rows(actor, office, page, on)), page, total, vacant)


def office_listed(
    actor: Actor, office: Office, words: str, only_vacant: bool, on: date
) -> list[OfficeRow]:
    """The same, all of them. Three questions."""
    places = _asked(_places(actor, office, on), words, only_vacant, on)
    return _rows(actor, office, list(places), on)


def regular_posts_from(office: Office, place_id: int, on: date) -> list[Post]:
    """The regular posts of an office in a place that hold on the day or later."""
    posts = Post.objects.between(on, date.max)
    posts = posts.filter(place=place_id, role=office.role, acting=False)
    return list(posts.select_related("staff", "place").order_by("from_on"))


def _places(actor: Actor, office: Office, on: date) -> QuerySet[Place]:
    places = places_with(actor, office.permission, kind=office.kind, on=on)
    held = Post.objects.on(on).filter(place=OuterRef("pk"), role=office.role)
    found = Place.objects.on(on).filter(pk__in=places).annotate(is_held=Exists(held))
    if kinds := DEPARTMENT_OF.get(office.role):
        stays = Placement.objects.on(on).filter(place=OuterRef("pk"), parent__kind__in=kinds)
        found = found.filter(Exists(stays))
    return found


def _asked(places: QuerySet[Place], words: str, only_vacant: bool, on: date) -> QuerySet[Place]:
    if words:
        above = Placement.objects.on(on).filter(parent__name__icontains=words)
        named = Q(name__icontains=words) | Q(initials__startswith=words.lower())
        places = places.filter(named | Q(pk__in=above.values("place")))
    if only_vacant:
        places = places.filter(is_held=False)
    return places.order_by("code")


def _rows(actor: Actor, office: Office, places: Iterable[Place], on: date) -> list[OfficeRow]:
    shown = list(places)
    ids = [place.pk for place in shown]
    lines = _lines(actor, office, ids, on)
    stays = Placement.objects.on(on).filter(place__in=ids)
    above = dict(stays.values_list("place", "parent__name"))
    return [
        OfficeRow(place, above.get(place.pk, ""), tuple(lines.get(place.pk, ()))) for place in shown
    ]


def _lines(
    actor: Actor, office: Office, place_ids: list[int], on: date
) -> dict[int, list[PostLine]]:
    posts = Post.objects.filter(place__in=place_ids, role=office.role)
    recent = posts.filter(Q(until_on__isnull=True) | Q(until_on__gt=on - LATELY))
    found: dict[int, list[PostLine]] = defaultdict(list)
    for post in recent.select_related("staff", "place").order_by("-from_on", "-pk"):
        # Every place here is within reach; what remains to ask is whether it is the own post.
        found[post.place_id].append(post_line(post, actor.staff_id != post.staff_id, on))
    return found
