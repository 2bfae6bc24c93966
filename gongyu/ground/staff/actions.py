"""Adding staff, opening and closing posts; each writes its audit row and the ledger's fact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append_many, standing_fact_of
from gongyu.ground.places.models import Place, Placement
from gongyu.ground.secrets.fields import digest

from . import rules
from .facts import HELD, SOURCE, facts_of_post
from .models import Post, Role, Staff
from .naming import initials
from .queries import post_taken_over, regular_class_teachers_from

# The kinds of digest by which a member of staff is found again.
STAFF_ID, STAFF_PHONE = "staff.id", "staff.phone"


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
                initials=initials(row.name),
                id_number=row.id_number,
                id_digest=digest(STAFF_ID, row.id_number) if row.id_number else None,
                phone=row.phone,
                phone_digest=digest(STAFF_PHONE, row.phone) if row.phone else "",
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
    _supersede(held, by)
    audit.record_many([_deed("post.close", held, why)], by=by)
    return held


@transaction.atomic
def engage(name: str, phone: str, *, by: Actor) -> Staff:
    """The member of staff of this name and telephone; added if nobody is known by both."""
    known = Staff.objects.filter(phone_digest=digest(STAFF_PHONE, phone), name=name).first()
    return known or add_staff(name, phone=phone, by=by)


@transaction.atomic
def hand_over(
    class_id: int, staff_id: int, on: date, *, by: Actor, basis: str = "", why: str = ""
) -> Post:
    """A class gets another class teacher on a day: the present post ends, the new one begins.
    Raises PostRefused."""
    _locked_places({class_id})
    for post in regular_class_teachers_from(class_id, on):
        rules.check_can_take_over(post, staff_id, on)
        close_post(post, on, why=why, by=by)
    return open_post(staff_id, class_id, Role.CLASS_TEACHER, on, basis=basis, by=by)


@transaction.atomic
def take_back_post(post: Post, on: date, *, by: Actor, why: str) -> None:
    """Take back a post entered by mistake: the ledger counts it no more, and the post that it took
    over holds on. Raises PostRefused."""
    _locked_places({post.place_id})
    held = Post.objects.select_related("staff", "place").get(pk=post.pk)
    rules.check_can_take_back(held, on)
    before = post_taken_over(held)
    _supersede(held, by, quantity=0)
    audit.record_many([_deed("post.take_back", held, why)], by=by)
    try:
        held.delete()
    except ProtectedError as kept:
        raise rules.PostRefused(
            _("%(name)s在这一任职中已有工作记录，不能撤回。请登记结束日期。")
            % {"name": held.staff.name}
        ) from kept
    if before is not None:
        before.until_on = None
        before.save(update_fields=["until_on"])
        _supersede(before, by)


def _supersede(post: Post, by: Actor, *, quantity: int = 1) -> None:
    said = standing_fact_of(SOURCE, post.pk, HELD)
    facts = facts_of_post(post, supersedes_id=said.seq if said else None, quantity=quantity)
    append_many(facts, by=by)


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
        parent_kind = parents.get((post.place_id, post.from_on))
        rules.check_can_open(post, beside[post.place_id], parent_kind)


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
