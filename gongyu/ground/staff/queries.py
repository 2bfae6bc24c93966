"""Who held which post on a day. Days are always given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongyu.ground.places.models import Containment
from gongyu.ground.prepared import prepared

from .models import Post, Role, Staff


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff of a school with the posts held there on the day."""

    staff: Staff
    posts: tuple[Post, ...]


def class_teachers_on(class_id: int, on: date) -> list[Post]:
    """All class teacher's posts of a class on the day: the regular one first, then acting ones."""
    return class_teachers_of([class_id], on).get(class_id, [])


def class_teacher_on(class_id: int, on: date) -> Post | None:
    """The class teacher's post of a class on the day; somebody acting counts when alone."""
    posts = class_teachers_on(class_id, on)
    return posts[0] if posts else None


def class_teachers_of(class_ids: Iterable[int], on: date) -> dict[int, list[Post]]:
    """{class id: its class teacher's posts on the day}, for many classes in one question."""
    found: dict[int, list[Post]] = defaultdict(list)
    for post in _class_teachers_of(list(class_ids), on):
        found[post.place_id].append(post)
    return dict(found)


@prepared
def _class_teachers_of(class_ids: list[int], on: date):
    return (
        Post.objects.on(on)
        .filter(place__among=class_ids, role=Role.CLASS_TEACHER)
        .select_related("staff")
        .defer("staff__id_number", "staff__phone")
        .order_by("acting", "from_on", "pk")
    )


def regular_class_teachers_from(class_id: int, on: date) -> list[Post]:
    """The regular class teacher's posts of a class that hold on the day or later."""
    posts = Post.objects.between(on, date.max).filter(place=class_id, acting=False)
    found = posts.filter(role=Role.CLASS_TEACHER).select_related("staff", "place")
    return list(found.order_by("from_on"))


def post_taken_over(post: Post) -> Post | None:
    """The regular post whose end was this one's beginning, when a class, a school or a village was
    handed over."""
    single = (Role.CLASS_TEACHER, Role.HEAD, Role.CHILDREN_DIRECTOR)
    if post.role not in single or post.acting:
        return None
    posts = Post.objects.filter(place=post.place_id, role=post.role, acting=False)
    return posts.filter(until_on=post.from_on).select_related("staff", "place").first()


def posts_beside(place_id: int) -> list[Post]:
    """Every post ever held at the place, the newest first."""
    posts = Post.objects.filter(place=place_id).select_related("staff", "place")
    return list(posts.order_by("-from_on", "-pk"))


def posts_of(staff_id: int, on: date) -> list[Post]:
    """The posts that somebody holds on the day."""
    return list(Post.objects.on(on).filter(staff=staff_id).select_related("place").order_by("pk"))


def post_held(post_id: int, on: date) -> Post | None:
    """The post, if it is held on the day."""
    return Post.objects.on(on).filter(pk=post_id).select_related("staff", "place").first()


def staff_within(place_id: int, on: date, *roles: str) -> list[Colleague]:
    """Everybody with a post at the place or below it on the day, by name; roles narrow."""
    inside = Containment.objects.on(on).filter(ancestor=place_id).values("place")
    posts = Post.objects.on(on).filter(place__in=inside).select_related("staff", "place")
    if roles:
        posts = posts.filter(role__in=roles)
    return _by_person(posts.order_by("staff__initials", "staff__name", "staff_id", "pk"))


def staff_of_school(school_id: int, on: date) -> list[Colleague]:
    """Everybody with a post at the school or in one of its classes on the day, by name."""
    return staff_within(school_id, on)


def _by_person(posts: Iterable[Post]) -> list[Colleague]:
    held: dict[int, list[Post]] = defaultdict(list)
    people: dict[int, Staff] = {}
    for post in posts:
        held[post.staff_id].append(post)
        people[post.staff_id] = post.staff
    return [Colleague(staff, tuple(held[pk])) for pk, staff in people.items()]
