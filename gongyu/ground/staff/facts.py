"""What a post proves: that somebody held it, from a day until a day."""

from __future__ import annotations

from gongyu.ground.ledger.shapes import NewFact

from .models import Post

SOURCE = "staff.post"
HELD = "post.held"


def facts_of_post(post: Post, supersedes_id: int | None = None, quantity: int = 1) -> list[NewFact]:
    """The fact of a post as it stands; with `supersedes_id` in the place of what was said before. A
    `quantity` of 0 takes it back."""
    return [
        NewFact(
            kind=HELD,
            subject_type="place",
            subject_id=post.place_id,
            place_id=post.place_id,
            on_date=post.from_on,
            until_date=post.until_on,
            actor_id=post.staff_id,
            actor_post_id=post.pk,
            status=post.role,
            detail="acting" if post.acting else "",
            source_model=SOURCE,
            source_id=post.pk,
            quantity=quantity,
            supersedes_id=supersedes_id,
        )
    ]
