"""The posts of a school as its head and registrar see them: classes, gaps, leaders, history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Q

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.staff.coverage import ClassCover, class_covers
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.ground.staff.queries import posts_beside
from gongyu.ground.staff.rules import SLIP

from .rules_posts import may_keep_post, may_keep_posts, roles_kept

# Whoever worked here within a year can be chosen by name again.
FORMER = timedelta(days=366)
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class KeptClass:
    """A class of a school whose posts the actor keeps."""

    school: Place
    place: Place


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A post that the actor may end, with the school."""

    school: Place
    post: Post


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post with whether the reader may end it or take it back."""

    post: Post
    state: str  # now, later or past
    may_keep: bool
    is_slip: bool


@dataclass(frozen=True, slots=True)
class PostsPage:
    """All posts of a school: each class with its class teachers, and the school's own posts."""

    classes: tuple[ClassCover, ...]
    vacant: int
    leaders: tuple[PostLine, ...]
    may_open_above: bool


def kept_school(actor: Actor | None, school_id: int, on: date) -> Place | None:
    """The school, if the actor keeps its posts."""
    found = Place.objects.on(on).filter(pk=school_id, kind=Place.Kind.SCHOOL).first()
    return found if found and may_keep_posts(actor, found, on) else None


def kept_class(actor: Actor | None, school_id: int, class_id: int, on: date) -> KeptClass | None:
    """A class of such a school, of this year or an earlier one."""
    school = kept_school(actor, school_id, on)
    row = SchoolClass.objects.filter(pk=class_id, school=school_id).select_related("place").first()
    return KeptClass(school, row.place) if school and row else None


def kept_post(actor: Actor | None, school_id: int, post_id: int, on: date) -> KeptPost | None:
    """A post of such a school, if the actor may keep it."""
    school = kept_school(actor, school_id, on)
    if school is None:
        return None
    post = _posts_of(school_id).filter(pk=post_id).select_related("staff", "place").first()
    if post is None or not may_keep_post(actor, post, school_id, on):
        return None
    return KeptPost(school, post)


def posts_page(actor: Actor, school: Place, on: date) -> PostsPage:
    """The page of a school's posts on the day."""
    classes = tuple(class_covers(school.pk, on))
    leaders = Post.objects.filter(place=school.pk).select_related("staff", "place")
    running = leaders.filter(Q(until_on__isnull=True) | Q(until_on__gt=on))
    order = list(Role.values)
    rows = sorted(running, key=lambda post: (-order.index(post.role), post.from_on))
    return PostsPage(
        classes=classes,
        vacant=sum(one.is_vacant for one in classes),
        leaders=tuple(_line(actor, post, school.pk, on) for post in rows),
        may_open_above=len(roles_kept(actor, school.pk, on)) > 2,
    )


def class_posts(actor: Actor, kept: KeptClass, on: date) -> list[PostLine]:
    """Every post ever held in a class, the newest first."""
    return [_line(actor, post, kept.school.pk, on) for post in posts_beside(kept.place.pk)]


def _line(actor: Actor, post: Post, school_id: int, on: date) -> PostLine:
    return post_line(post, may_keep_post(actor, post, school_id, on), on)


def post_line(post: Post, kept: bool, on: date) -> PostLine:
    """A post as it stands in a list on the day; `kept` says whether the reader keeps it."""
    state = "now" if post.holds_on(on) else "later" if post.from_on > on else "past"
    return PostLine(post, state, kept and state != "past", kept and post.from_on + SLIP > on)


def history(school: Place, page: int) -> Page[Post]:
    """Every post of the school and its classes, the newest first."""
    posts = _posts_of(school.pk).select_related("staff", "place")
    return Paginator(posts.order_by("-from_on", "-pk"), PER_PAGE).get_page(page)


def staff_to_choose(school: Place, on: date) -> list[tuple[int, str]]:
    """Who works in the school or did within a year, by name: (id, name with the post of today)."""
    posts = _posts_of(school.pk).select_related("staff", "place")
    recent = posts.filter(Q(until_on__isnull=True) | Q(until_on__gt=on - FORMER))
    found: dict[int, tuple[Staff, list[str]]] = {}
    for post in recent.order_by("staff__initials", "staff__name", "staff_id", "pk"):
        _staff, words = found.setdefault(post.staff_id, (post.staff, []))
        if post.holds_on(on):
            words.append(_what(post))
    return [
        (pk, f"{staff.name}（{'、'.join(words)}）" if words else staff.name)
        for pk, (staff, words) in found.items()
    ]


def _what(post: Post) -> str:
    role = Role(post.role).label
    return f"{post.place.name}{role}" if post.place.kind == Place.Kind.CLASS else str(role)


def _posts_of(school_id: int):
    classes = SchoolClass.objects.filter(school=school_id).values("place")
    return Post.objects.filter(Q(place=school_id) | Q(place__in=classes))
