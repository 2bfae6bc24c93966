"""The nine honest states, which one wins when several could be said, and the reasons for them."""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, StringValue, Table

STATES = (
    "met",
    "in_progress",
    "at_risk",
    "missed",
    "declined",
    "exempt",
    "not_due",
    "not_applicable",
    "unknown",
)

# The first row that applies wins. The order is one for all shapes, so that a reader learns it once.
PRECEDENCE = (
    ("met", "What was done stays done, even before the period begins or for a child who left."),
    ("not_due", "Before its first day a period asks nothing."),
    ("not_applicable", "The duty is not asked of this subject, or is counted and never judged."),
    ("exempt", "The subject was there too short, or is away: nobody could have done it."),
    ("declined", "The family's decision, acknowledged by the head, is lawful and final."),
    ("unknown", "Without the class or its teacher on record nobody can say met or missed."),
    ("missed", "Only after the period's last day, or on a day on which nothing stands."),
    ("at_risk", "The period runs and the parameter says that few days are left."),
    ("in_progress", "The period runs."),
)

# Of what kind the subjects are follows from the duty, and is not repeated in every row.
RESULT = (
    "subject_id",
    "place_id",
    "state",
    "reason",
    "tally",
    "fact_seqs",
)


def first_of(*branches: tuple[BooleanValue | bool, str], otherwise: str) -> StringValue:
    """The label of the first branch that holds. A branch known in Python is left out or ends it."""
    asked: list[tuple[BooleanValue, str]] = []
    for condition, label in branches:
        if isinstance(condition, bool):
            if condition:
                otherwise = label
                break
            continue
        asked.append((condition, label))
    if not asked:
        return ibis.literal(otherwise)
    return ibis.cases(*asked, else_=otherwise)


def result(table: Table) -> Table:
    """The columns of RESULT, in its order."""
    return table.select(*RESULT)
