"""The schools of a district with their heads, as the district's officer keeps them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Post, Role
from gongyu.ground.staff.rules import SLIP

from .permissions import HEAD_KEEP, places_with
from .queries_posts import PostLine
from .rules_heads import may_keep_head, may_keep_head_post

PER_PAGE = 50
# Who left lately still stands in the list, so that a hand-over can be read.
LATELY = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A school with the posts of its heads: those of today, to come, and ended within a year."""

    school: Place
    lines: tuple[PostLine, ...]

    @property
    def is_vacant(self) -> bool:
        return not any(line.state == "now" for line in self.lines)


@dataclass(frozen=True, slots=True)
class HeadsPage:
    """The schools asked for, in the order of their codes, and how many have no head today."""

    rows: tuple[HeadRow, ...]
    page: Page
    total: int
    vacant: int


@dataclass(frozen=True, slots=True)
class KeptHead:
    """A head's post that the actor may end, with the school."""

    school: Place
    post: Post


def kept_school(actor: Actor | None, school_id: int, on: date) -> Place | None:
    """The school, if the actor keeps its head's post."""
    found = Place.objects.on(on).filter(pk=school_id, kind=Place.Kind.SCHOOL).first()
    return found if found and may_keep_head(actor, found, on) else None


def kept_head(actor: Actor | None, school_id: int, post_id: int, on: date) -> KeptHead | None:
    """A head's post of such a school, if the actor may keep it."""
    school = kept_school(actor, school_id, on)
    posts = Post.objects.filter(pk=post_id, place=school_id, role=Role.HEAD)
    post = posts.select_related("staff", "place").first()
    if school is None or post is None or not may_keep_head_post(actor, post, on):
        return None
    return KeptHead(school, post)


def heads_page(actor: Actor, words: str, only_vacant: bool, number: str, on: date) -> HeadsPage:
    """The schools whose heads the actor keeps; `words` is part of a school's name or its initials.
    Five questions."""
    schools = _schools(actor, on)
    vacant = schools.filter(has_head=False).count()
    total = schools.count()
    page = Paginator(_asked(schools, words, only_vacant), PER_PAGE).get_page(number)
    return HeadsPage(tuple(_rows(actor, page, on)), page, total, vacant)


def heads_listed(actor: Actor, words: str, only_vacant: bool, on: date) -> list[HeadRow]:
    """The same, all of them. Two questions."""
    return _rows(actor, list(_asked(_schools(actor, on), words, only_vacant)), on)


def _schools(actor: Actor, on: date) -> QuerySet[Place]:
    places = places_with(actor, HEAD_KEEP, kind=Place.Kind.SCHOOL, on=on)
    heads = Post.objects.on(on).filter(place=OuterRef("pk"), role=Role.HEAD)
    return Place.objects.on(on).filter(pk__in=places).annotate(has_head=Exists(heads))


def _asked(schools: QuerySet[Place], words: str, only_vacant: bool) -> QuerySet[Place]:
    if words:
        schools = schools.filter(Q(name__icontains=words) | Q(initials__startswith=words.lower()))
    if only_vacant:
        schools = schools.filter(has_head=False)
    return schools.order_by("code")


def _rows(actor: Actor, schools: Iterable[Place], on: date) -> list[HeadRow]:
    lines = _lines(actor, [school.pk for school in schools], on)
    return [HeadRow(school, tuple(lines[school.pk])) for school in schools]


def regular_heads_from(school_id: int, on: date) -> list[Post]:
    """The regular head's posts of a school that hold on the day or later."""
    posts = Post.objects.between(on, date.max).filter(place=school_id, role=Role.HEAD, acting=False)
    return list(posts.select_related("staff", "place").order_by("from_on"))


def _lines(actor: Actor, school_ids: list[int], on: date) -> dict[int, list[PostLine]]:
    posts = Post.objects.filter(place__in=school_ids, role=Role.HEAD)
    recent = posts.filter(Q(until_on__isnull=True) | Q(until_on__gt=on - LATELY))
    found: dict[int, list[PostLine]] = defaultdict(list)
    for post in recent.select_related("staff", "place").order_by("-from_on", "-pk"):
        state = "now" if post.holds_on(on) else "later" if post.from_on > on else "past"
        # Every school here is within reach; what remains to ask is whether it is the own post.
        own = actor.staff_id == post.staff_id
        slip = post.from_on + SLIP > on
        found[post.place_id].append(
            PostLine(post, state, not own and state != "past", not own and slip)
        )
    return found
