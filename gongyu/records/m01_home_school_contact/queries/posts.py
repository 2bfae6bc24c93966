"""In which post somebody visits whom: the post held on the day of the visit, never today's."""

from __future__ import annotations

from datetime import date

from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Post, Role

from ..models import Capacity

# The nearest post to the child counts: whoever is class teacher and head visits as class teacher.
CAPACITY_OF: dict[str, str] = {
    Role.CLASS_TEACHER: Capacity.CLASS_TEACHER,
    Role.HEAD: Capacity.LEADER,
    Role.SCHOOL_LEADER: Capacity.LEADER,
    Role.SUBJECT_TEACHER: Capacity.SUBJECT_TEACHER,
    Role.MORAL_EDUCATION_HEAD: Capacity.OTHER_STAFF,
}
_ORDER = list(CAPACITY_OF)


def posts_in(staff_id: int, place_ids: set[int], day: date) -> dict[int, Post]:
    """{place id: the nearest post that gives a capacity} of a member of staff on the day."""
    rows = _posts_in(staff_id, list(place_ids), day)
    best: dict[int, Post] = {}
    for post in sorted(rows, key=lambda p: _ORDER.index(p.role)):
        best.setdefault(post.place_id, post)
    return best


@prepared
def _posts_in(staff_id: int, place_ids: list[int], day: date):
    return Post.objects.on(day).filter(
        staff=staff_id, place__among=place_ids, role__in=list(CAPACITY_OF)
    )


def post_for(posts: dict[int, Post], class_id: int, school_id: int) -> Post | None:
    """The post in which a child of this class and school is visited."""
    held = [posts[place] for place in (class_id, school_id) if place in posts]
    return min(held, key=lambda p: _ORDER.index(p.role)) if held else None


def class_teachers_of(class_ids: set[int], day: date) -> dict[int, Post]:
    """{class id: its class teacher's post} on the day; an acting one only where there is no other."""
    found: dict[int, Post] = {}
    for post in _class_teachers_of(list(class_ids), day) if class_ids else ():
        found.setdefault(post.place_id, post)
    return found


@prepared
def _class_teachers_of(class_ids: list[int], day: date):
    return (
        Post.objects.on(day)
        .filter(place__among=class_ids, role=Role.CLASS_TEACHER)
        .select_related("staff")
        .defer("staff__id_number", "staff__phone")
        .order_by("acting", "from_on", "pk")
    )
