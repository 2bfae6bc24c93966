"""Adding staff, opening and closing posts; each writes its audit row and the ledger's fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append_many, standing_fact_of
from gongyu.ground.places.models import Place, Placement
from gongyu.ground.places.naming import initials
from gongyu.ground.secrets.fields import digest

from . import rules
from .facts import HELD, SOURCE, facts_of_post
from .models import Post, Staff


@dataclass(frozen=True, slots=True)
class NewStaff:
    """A person to add. The numbers are stored encrypted and found again by keyed digest."""

    name: str
    id_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to open; `until_on` is the first day on which it is no longer held."""

    staff_id: int
    place_id: int
    role: str
    from_on: date
    until_on: date | None = None
    acting: bool = False
    subject: str = ""
    basis: str = ""


def add_staff(name: str, *, by: Actor, id_number: str = "", phone: str = "") -> Staff:
    """Add one member of staff."""
    return add_staff_many([NewStaff(name, id_number, phone)], by=by)[0]


@transaction.atomic
def add_staff_many(rows: Sequence[NewStaff], *, by: Actor) -> list[Staff]:
    """Add many members of staff at once, in the order given."""
    added = Staff.objects.bulk_create(
        [
            Staff(
                name=row.name,
                initials=initials(row.name)[:60],
                id_number=row.id_number,
                id_digest=digest("id_number", row.id_number) if row.id_number else None,
                phone=row.phone,
                phone_digest=digest("phone", row.phone) if row.phone else "",
            )
            for row in rows
        ]
    )
    audit.record_many([audit.Deed("staff.add", ("staff", one.pk)) for one in added], by=by)
    return added


def open_post(
    staff_id: int,
    place_id: int,
    role: str,
    from_on: date,
    *,
    by: Actor,
    until_on: date | None = None,
    acting: bool = False,
    subject: str = "",
    basis: str = "",
) -> Post:
    """Open one post. Raises PostRefused."""
    row = NewPost(staff_id, place_id, role, from_on, until_on, acting, subject, basis)
    return open_posts([row], by=by)[0]


@transaction.atomic
def open_posts(rows: Sequence[NewPost], *, by: Actor) -> list[Post]:
    """Open many posts at once, in the order given; all or none. Raises PostRefused."""
    places = _locked_places({row.place_id for row in rows})
    people = Staff.objects.in_bulk({row.staff_id for row in rows})
    posts = [
        Post(
            staff=people[row.staff_id],
            place=places[row.place_id],
            role=row.role,
            from_on=row.from_on,
            until_on=row.until_on,
            acting=row.acting,
            subject=row.subject,
            basis=row.basis,
        )
        for row in rows
    ]
    _check(posts, places)
    Post.objects.bulk_create(posts, batch_size=500)
    append_many([fact for post in posts for fact in facts_of_post(post)], by=by)
    audit.record_many([_deed("post.open", post) for post in posts], by=by)
    return posts


@transaction.atomic
def close_post(post: Post, until_on: date, *, by: Actor, why: str = "") -> Post:
    """End a post: `until_on` is the first day on which it is no longer held. Raises PostRefused."""
    _locked_places({post.place_id})
    held = Post.objects.select_related("staff", "place").get(pk=post.pk)
    rules.check_can_close(held, until_on)
    held.until_on = until_on
    held.save(update_fields=["until_on"])
    said = standing_fact_of(SOURCE, held.pk, HELD)
    append_many(facts_of_post(held, supersedes_id=said.seq if said else None), by=by)
    audit.record_many([_deed("post.close", held, why)], by=by)
    return held


def _locked_places(place_ids: set[int]) -> dict[int, Place]:
    # Two who open a post in one class at the same moment wait for each other here.
    ids = sorted(place_ids)
    found: dict[int, Place] = {}
    for start in range(0, len(ids), 900):
        chunk = Place.objects.filter(pk__in=ids[start : start + 900]).order_by("pk")
        found.update({place.pk: place for place in chunk.select_for_update(of=("self",))})
    return found


def _check(posts: list[Post], places: dict[int, Place]) -> None:
    parents = _kinds_above_departments(posts, places)
    beside = _posts_at(list(places))
    for post in posts:
        beside[post.place_id].append(post)
    for post in posts:
        rules.check_can_hold(post, parents.get((post.place_id, post.from_on)))
        rules.check_one_class_teacher(post, beside[post.place_id])
        rules.check_not_held_already(post, beside[post.place_id])


def _posts_at(place_ids: list[int]) -> dict[int, list[Post]]:
    found: dict[int, list[Post]] = defaultdict(list)
    for start in range(0, len(place_ids), 900):
        chunk = Post.objects.filter(place__in=place_ids[start : start + 900])
        for post in chunk.select_related("staff"):
            found[post.place_id].append(post)
    return found


def _kinds_above_departments(
    posts: list[Post], places: dict[int, Place]
) -> dict[tuple[int, date], str]:
    found = {}
    wanted = {
        (post.place_id, post.from_on)
        for post in posts
        if places[post.place_id].kind == Place.Kind.DEPARTMENT
    }
    for place_id, day in wanted:
        stay = Placement.objects.on(day).filter(place=place_id).select_related("parent").first()
        if stay is not None:
            found[place_id, day] = stay.parent.kind
    return found


def _deed(verb: str, post: Post, why: str = "") -> audit.Deed:
    return audit.Deed(
        verb,
        ("staff", post.staff_id),
        place_id=post.place_id,
        why=why,
        detail={"post": post.pk, "role": str(post.role), "acting": post.acting},
    )
