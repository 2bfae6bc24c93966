"""Where a delivery begins, and how long each step of its path may take. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .clock import after_quiet, end_of, next_digest
from .parameters import HAND_OVER, PATIENCE, PATIENCE_IN_DANGER

TO_KNOW, TO_ANSWER, SAFETY = "to_know", "to_answer", "safety"
KEPT_FREE = 3


def first_station(
    kind: str, *, must_reach: bool, at: datetime, until_on: date, full: bool
) -> tuple[str, datetime | None]:
    """(status, moment) with which a delivery begins. `full`: the family's week holds no further
    sounding message. What must reach somebody, and safety, never waits for a budget."""
    if kind == SAFETY:
        return "due", at
    if must_reach:
        return "due", after_quiet(at + patience(kind, "box", at, until_on, steps=3))
    if kind == TO_ANSWER and not full:
        return "due", after_quiet(at)
    digest_at = next_digest(at)
    if digest_at < end_of(until_on):
        return "waiting", digest_at
    # It would be over before the digest: it rings if the week has room, or lies in the box.
    return ("in_box", None) if full else ("due", after_quiet(at))


def is_full(rung: int, budget: int) -> bool:
    """Has a family's week no room for a message that could wait? Places are kept for the digest and
    for what must reach somebody, who may have to be rung twice."""
    return rung >= max(budget - KEPT_FREE, 1)


def patience(kind: str, step: str, at: datetime, until_on: date, *, steps: int) -> timedelta:
    """How long to wait before the next of `steps` steps that remain. Where the notice is over soon,
    what is left before the slip is parted evenly, so that the slip has its day."""
    usual = (PATIENCE_IN_DANGER if kind == SAFETY else PATIENCE)[step]
    left = end_of(until_on) - HAND_OVER - at
    share = max(left / (steps + 1), timedelta(0))
    return min(usual, share)
