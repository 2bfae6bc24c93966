"""The rows of a small world: what a snapshot holds, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fact:
    seq: int
    kind: str
    subject_type: str
    subject_id: int
    place_id: int | None
    on_day: int
    until_day: int | None = None
    actor_id: int | None = None
    actor_post_id: int | None = None
    status: str = ""
    detail: str = ""
    quantity: int = 1
    supersedes_id: int | None = None


@dataclass(frozen=True)
class Containment:
    place_id: int
    place_kind: str
    ancestor_id: int
    ancestor_kind: str
    from_day: int
    until_day: int | None = None


@dataclass(frozen=True)
class SchoolClass:
    place_id: int
    school_id: int
    school_year: int
    stage: str
    grade: int


@dataclass(frozen=True)
class School:
    place_id: int
    kind: str


@dataclass
class World:
    facts: list[Fact] = field(default_factory=list)
    containments: list[Containment] = field(default_factory=list)
    classes: list[SchoolClass] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)

    @property
    def city(self) -> int:
        return next(c.place_id for c in self.containments if c.place_kind == "city")
