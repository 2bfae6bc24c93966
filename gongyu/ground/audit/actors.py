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
    # A carer who acts on the family's own pages: no account, no staff, no post.
    carer_id: int | None = None

    def has_role(self, *roles: str) -> bool:
        return any(post.role in roles for post in self.posts)

    def scopes(self, *roles: str) -> frozenset[int]:
        """The ids of the places that these roles reach today (without the places below them)."""
        return frozenset(post.scope_id for post in self.posts if post.role in roles)

    def post_with(self, *roles: str) -> HeldPost | None:
        return next((post for post in self.posts if post.role in roles), None)

    # What prepared queries need: who asks, as numbers. A field that is added here must come in.

    def query_shape(self) -> tuple:
        """Everything about the person but the numbers; which of these are the same is part of it."""
        places = self._places()
        posts = tuple(
            (
                post.role,
                post.scope_kind,
                post.acting,
                places.index(post.place_id),
                places.index(post.scope_id),
            )
            for post in self.posts
        )
        return (*(each is not None for each in self._people()), posts)

    def query_numbers(self) -> list[int]:
        people = [each for each in self._people() if each is not None]
        return [*people, *(post.post_id for post in self.posts), *self._places()]

    @classmethod
    def for_query(cls, shape: tuple, first: int) -> tuple[Actor, list[int]]:
        *there, held = shape
        places = len({place for post in held for place in post[3:]})
        numbers = list(range(first, first + sum(there) + len(held) + places))
        left = iter(numbers)
        user_id, staff_id, carer_id = (next(left) if each else None for each in there)
        ids = [next(left) for _ in held]
        where = list(left)
        posts = tuple(
            HeldPost(post_id, role, where[place], where[scope], scope_kind, acting)
            for post_id, (role, scope_kind, acting, place, scope) in zip(ids, held, strict=True)
        )
        return cls(user_id, "", staff_id, posts, carer_id=carer_id), numbers

    def _people(self) -> tuple[int | None, int | None, int | None]:
        return (self.user_id, self.staff_id, self.carer_id)

    def _places(self) -> list[int]:
        ids = (each for post in self.posts for each in (post.place_id, post.scope_id))
        return list(dict.fromkeys(ids))


SYSTEM = Actor(user_id=None, name="系统")
