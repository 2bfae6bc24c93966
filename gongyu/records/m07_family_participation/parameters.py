"""The plan's parameter by which a proposed correction is answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from gongyu.plan import load_plan

ANSWER = "P21"


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """Within how many working days the school answers, what was decided, and on what it rests."""

    days: int
    decision: str
    source: str


def answer_rule() -> AnswerRule:
    """The reading of 及时处理 in the plan that is in force here."""
    reading = load_plan(settings.PLAN_FOLDER).reading(ANSWER)
    days = reading.parameters["correction_working_days"]
    return AnswerRule(days, reading.decision, reading.source.title)
