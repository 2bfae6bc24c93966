"""The plan's parameters that this measure works by; each has its source in the plan's readings."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from gongyu.plan import load_plan

ELECTION, MATTER = "P22", "P23"


@dataclass(frozen=True, slots=True)
class ElectionReading:
    """Percent of the families on the roll that must vote; the fewest ballots that are ever opened
    together; what follows a tie; how many seats a committee may have at most."""

    quorum_percent: int
    fewest_ballots: int
    ties: str
    most_seats: int
    decision: str
    source: str


@dataclass(frozen=True, slots=True)
class MatterReading:
    """Percent of the families that must answer, and percent of the answers that must be more than
    reached; within how many days of the answer a matter is settled."""

    quorum_percent: int
    majority_percent: int
    settle_days: int
    decision: str
    source: str


def election_reading() -> ElectionReading:
    reading = load_plan(settings.PLAN_FOLDER).reading(ELECTION)
    found = reading.parameters
    return ElectionReading(
        found["committee_quorum_percent"],
        found["fewest_ballots"],
        found["committee_ties"],
        found["committee_most_seats"],
        reading.decision,
        reading.source.title,
    )


def matter_reading() -> MatterReading:
    reading = load_plan(settings.PLAN_FOLDER).reading(MATTER)
    found = reading.parameters
    return MatterReading(
        found["matter_quorum_percent"],
        found["matter_majority_percent"],
        found["matter_settle_days"],
        reading.decision,
        reading.source.title,
    )
