"""A family as the pages see it: one carer with the children of the day. Plain data, made anew at
every request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor

CONSENTS_FROM = 14


@dataclass(frozen=True, slots=True)
class FamilyChild:
    """A child whom the carer may see today. Without an enrolment of the day the places are None."""

    child_id: int
    name: str
    is_guardian: bool
    is_daily_carer: bool
    relation: str
    born_on: date | None
    class_id: int | None = None
    class_name: str = ""
    stage: str = ""
    grade: int = 0
    school_id: int | None = None
    school_name: str = ""
    home_id: int | None = None

    @property
    def where(self) -> str:
        return f"{self.school_name} {self.class_name}".strip()

    def age_on(self, on: date) -> int | None:
        """Full years; None where the birthday is not known."""
        if self.born_on is None:
            return None
        had = (on.month, on.day) >= (self.born_on.month, self.born_on.day)
        return on.year - self.born_on.year - (not had)


@dataclass(frozen=True, slots=True)
class Family:
    """The carer who is here and the children visible today, the youngest grade first."""

    carer_id: int
    name: str
    children: tuple[FamilyChild, ...]
    own_phone: bool = False
    by_number: bool = False  # came by the number in the roster, rather than by a printed code

    @property
    def actor(self) -> Actor:
        """Who stands in the audit: no name, the number of the carer in the detail."""
        return Actor(user_id=None, name=_("家长"), carer_id=self.carer_id)

    @property
    def child_ids(self) -> tuple[int, ...]:
        return tuple(child.child_id for child in self.children)

    @property
    def guarded(self) -> tuple[FamilyChild, ...]:
        """The children whose guardian the carer is."""
        return tuple(child for child in self.children if child.is_guardian)

    @property
    def spoken_for(self) -> tuple[FamilyChild, ...]:
        """The children in a class for whom the carer answers there: as guardian or daily carer."""
        close = (c for c in self.children if c.is_guardian or c.is_daily_carer)
        return tuple(c for c in close if c.class_id is not None)

    def child(self, child_id: int) -> FamilyChild | None:
        return next((c for c in self.children if c.child_id == child_id), None)

    def ward(self, child_id: int) -> FamilyChild | None:
        """The child, where the carer is its guardian."""
        return next((c for c in self.guarded if c.child_id == child_id), None)
