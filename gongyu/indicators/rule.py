"""A duty of the plan in one of its periods, as plain numbers: all that an expression is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The subject of a duty → what its subjects are as the ledger names them; all others are places.
_TYPES = {
    "child": "child",
    "staff": "staff",
    "parent_committee": "committee",
    "incident": "incident",
    "clue": "clue",
}


def subject_type(subject: str) -> str:
    """Of what kind the subjects are that a duty's states are of: child, staff, place, committee,
    incident, clue."""
    return _TYPES.get(subject, "place")


@dataclass(frozen=True)
class Window:
    """The days [first, until) and the number asked for, for schools of one kind."""

    school_kind: str
    first: int
    until: int
    threshold: int | None


@dataclass(frozen=True)
class Rule:
    """What an evaluator needs to know. Days are ordinals, intervals half-open.

    `admission_from` is the day from which a visit to a new pupil counts for this school year;
    `next_admission_from` the same day a year later. `windows` say which kinds of school are
    subjects, each with its own days. `params` are the plan's parameters, as sorted pairs.
    """

    duty: str
    shape: str
    subject: str
    judged: bool
    period_key: str
    school_year: int
    first: int
    until: int
    admission_from: int
    next_admission_from: int
    threshold: int | None
    fact_kinds: tuple[str, ...]
    stages: tuple[str, ...]
    windows: tuple[Window, ...]
    params: tuple[tuple[str, Any], ...]

    def param(self, name: str, default: Any = None) -> Any:
        """The parameter of this name, or the default where the plan does not say."""
        return dict(self.params).get(name, default)

    def day(self, as_of: int) -> int:
        """The day on which subjects are looked at: the day itself, or the period's last day."""
        return min(as_of, self.until - 1)


@dataclass(frozen=True)
class Moment:
    """As of which day a rule is asked, and what that day means to its period.

    `day` is where subjects are looked at: the day itself, or the last day of a period that is over.
    `near_the_end`: so few days are left that what is open is at risk.
    """

    as_of: int
    day: int
    begun: bool
    over: bool
    near_the_end: bool

    @classmethod
    def of(cls, rule: Rule, as_of: int) -> Moment:
        return cls(
            as_of=as_of,
            day=rule.day(as_of),
            begun=as_of >= rule.first,
            over=as_of >= rule.until,
            near_the_end=rule.until - as_of <= rule.param("at_risk_days", 0),
        )
