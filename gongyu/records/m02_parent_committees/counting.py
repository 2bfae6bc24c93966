"""Who is elected by so many votes: pure, so that it can be worked out again by hand."""

from __future__ import annotations

from collections.abc import Mapping

ELECTED, TIED, NOT_ELECTED = "elected", "tied", "not_elected"


def outcomes(votes: Mapping[int, int], seats: int, ties: str) -> dict[int, str]:
    """{candidate: outcome}. The most votes win, and nobody without a vote does. Where several have
    as many votes and not all find a seat, `run_off` leaves those seats empty and marks them tied;
    `all_in` seats them all."""
    ranked = sorted((n for n in votes.values() if n > 0), reverse=True)
    if len(ranked) <= seats:
        return {who: ELECTED if n > 0 else NOT_ELECTED for who, n in votes.items()}
    last = ranked[seats - 1]
    is_tied = ranked[seats] == last
    found = {}
    for who, n in votes.items():
        if n > last or (n == last and (not is_tied or ties == "all_in")):
            found[who] = ELECTED
        else:
            found[who] = TIED if n == last else NOT_ELECTED
    return found


def reaches_quorum(ballots: int, families: int, percent: int) -> bool:
    """Have at least so many percent of the families answered?"""
    return ballots * 100 >= families * percent


def is_agreed(agreed: int, ballots: int, percent: int) -> bool:
    """Did more than so many percent of those who answered agree? A blank answer agrees to nothing."""
    return agreed * 100 > ballots * percent
