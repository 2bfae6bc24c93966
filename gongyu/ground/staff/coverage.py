"""Which classes of a school have a class teacher today, and on which days of the last weeks nobody
was there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from gongyu.ground.places.models import Place, SchoolClass

from .models import Post, Role

WEEKS_SHOWN = timedelta(weeks=8)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a class teacher: [first, until); `until` is None when nobody is there today."""

    first: date
    until: date | None

    @property
    def last(self) -> date | None:
        """The last day without anybody."""
        return self.until - timedelta(days=1) if self.until else None


@dataclass(frozen=True, slots=True)
class ClassCover:
    """A class with its class teachers: the regular post of today, those acting today, those to
    come, and the gaps of the weeks shown, the newest last."""

    place: Place
    regular: Post | None
    acting: tuple[Post, ...]
    coming: tuple[Post, ...]
    gaps: tuple[Gap, ...]

    @property
    def is_vacant(self) -> bool:
        return self.regular is None and not self.acting


def class_covers(school_id: int, on: date) -> list[ClassCover]:
    """The classes of a school that run on the day, by grade and number; two questions."""
    rows = SchoolClass.objects.filter(school=school_id, place__from_on__lte=on)
    running = rows.filter(Q(place__until_on__isnull=True) | Q(place__until_on__gt=on))
    order = ("stage", "grade", "number")
    places = [row.place for row in running.select_related("place").order_by(*order)]
    held: dict[int, list[Post]] = defaultdict(list)
    posts = Post.objects.filter(place__in=[place.pk for place in places], role=Role.CLASS_TEACHER)
    recent = posts.filter(Q(until_on__isnull=True) | Q(until_on__gt=on - WEEKS_SHOWN))
    for post in recent.select_related("staff").order_by("from_on", "pk"):
        held[post.place_id].append(post)
    return [_cover(place, held[place.pk], on) for place in places]


def _cover(place: Place, posts: list[Post], on: date) -> ClassCover:
    now = [post for post in posts if post.holds_on(on)]
    return ClassCover(
        place=place,
        regular=next((post for post in now if not post.acting), None),
        acting=tuple(post for post in now if post.acting),
        coming=tuple(post for post in posts if post.from_on > on),
        gaps=gaps(posts, max(place.from_on, on - WEEKS_SHOWN), on),
    )


def gaps(posts: Iterable[Post], first: date, on: date) -> tuple[Gap, ...]:
    """The days of [first, on] on which none of the posts is held."""
    found: list[Gap] = []
    free = first
    for post in sorted(posts, key=lambda post: post.from_on):
        if post.from_on > on:
            break
        if post.from_on > free:
            found.append(Gap(free, post.from_on))
        if post.until_on is None:
            return tuple(found)
        free = max(free, post.until_on)
    if free <= on:
        found.append(Gap(free, None))
    return tuple(found)
