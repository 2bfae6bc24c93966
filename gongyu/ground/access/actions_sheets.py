"""Taking lists of posts and approvals out as sheets: who took what stands in the audit."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place

from .permissions import APPROVAL_GIVE, roles_with
from .queries import Line, lines_named, lines_to_approve
from .queries_offices import OfficeRow, office_listed
from .queries_posts import PostsPage, posts_page
from .rules_offices import Office


@transaction.atomic
def export_office(
    office: Office, words: str, only_vacant: bool, *, on: date, by: Actor
) -> list[OfficeRow]:
    """The places asked for with who holds the office there, all pages of the list."""
    rows = office_listed(by, office, words, only_vacant, on)
    _record(f"office.{office.role}", len(rows), _place_of(by, office.permission), by=by)
    return rows


@transaction.atomic
def export_approvals(words: str, only_waiting: bool, *, on: date, by: Actor) -> list[Line]:
    """Everybody whom the actor answers for, or those who need a decision."""
    lines = lines_named(lines_to_approve(by, on), words)
    if only_waiting:
        lines = [line for line in lines if line.state != "valid"]
    _record("approvals", len(lines), _place_of(by, APPROVAL_GIVE), by=by)
    return lines


@transaction.atomic
def export_posts(school: Place, *, on: date, by: Actor) -> PostsPage:
    """The posts of a school as they stand on the day."""
    page = posts_page(by, school, on)
    _record("posts", len(page.classes) + len(page.leaders), school.pk, by=by)
    return page


def _place_of(by: Actor, permission: str) -> int | None:
    """The school, district or city whose list the actor reads."""
    post = by.post_with(*roles_with(permission))
    return post.scope_id if post else None


def _record(what: str, rows: int, place_id: int | None, *, by: Actor) -> None:
    record(
        "export.make",
        by=by,
        subject=("place", place_id),
        place_id=place_id,
        detail={"what": what, "rows": rows},
    )
