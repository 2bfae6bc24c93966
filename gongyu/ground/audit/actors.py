"""Who acts: a person with the posts held today. Plain data, so that the lowest floors can name it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


class Standing(Protocol):
    """What was read about an actor for one request: see access/standing.py."""

    on: date

    @property
    def approved(self) -> dict[str, frozenset[int]]: ...

    def above(self, place_id: int) -> frozenset[int]: ...


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in force today. `scope_id` is the place whose things it reaches (a department's
    post reaches the department's district or the city)."""

    post_id: int
    role: str
    place_id: int
    scope_id: int
    scope_kind: str
    acting: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who does or reads something; every action takes it as `by`. Only who acts in a request
    has a standing."""

    user_id: int | None
    name: str
    staff_id: int | None = None
    posts: tuple[HeldPost, ...] = field(default=())
    standing: Standing | None = field(default=None, compare=False, repr=False)

    def has_role(self, *roles: str) -> bool:
        return any(post.role in roles for post in self.posts)

    def scopes(self, *roles: str) -> frozenset[int]:
        """The ids of the places that these roles reach today (without the places below them)."""
        return frozenset(post.scope_id for post in self.posts if post.role in roles)

    def post_with(self, *roles: str) -> HeldPost | None:
        return next((post for post in self.posts if post.role in roles), None)


SYSTEM = Actor(user_id=None, name="系统")
