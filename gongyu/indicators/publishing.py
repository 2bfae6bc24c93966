"""What may be shown to whom: about children small counts are hidden, and classes stay inside."""

from __future__ import annotations

from pathlib import Path

from gongyu.ground.prepared import prepared
from gongyu.plan.model import Duty

from . import snapshot
from .models import CELLS, Figure, Refresh
from .rule import Rule

# What is said of few of these is said of somebody; places and posts are no secret.
PERSONAL_SUBJECTS = frozenset(
    {"child", "child_in_need", "family", "case", "clue", "incident", "order", "pairing"}
)


def counts_people(asked: Duty | Rule) -> bool:
    """Whether small numbers of a duty, or of its rule, say something of somebody. What is tallied for
    families is counted by place: no family is a subject of it."""
    by_place = asked.subject == "family" and asked.shape == "tally"
    return asked.subject in PERSONAL_SUBJECTS and not by_place


# The kinds of places whose figures officers see. A class's figures stay inside its school.
PUBLISHED_KINDS = frozenset({"city", "district", "town", "school"})
# What a share is taken of: the subjects of which the duty is asked and known.
COUNTED = ("met", "in_progress", "at_risk", "missed")


def current_refresh() -> Refresh | None:
    """The refresh whose figures are shown: the newest day's newest, month ends left out."""
    return next(iter(_newest()), None)


@prepared
def _newest():
    month_end = Refresh.Purpose.MONTH_END
    finished = Refresh.objects.filter(finished_at__isnull=False).exclude(purpose=month_end)
    return finished.order_by("-as_of", "-pk")[:1]


def hidden_cells_of(row: Figure, duty: Duty) -> tuple[str, ...]:
    """The cells that a reader outside the school may not see."""
    if counts_people(duty) and row.place_kind not in PUBLISHED_KINDS:
        return CELLS
    return tuple(cell for bit, cell in enumerate(CELLS) if row.hidden_inside >> bit & 1)


def states_folder(refresh_id: int) -> Path:
    """Where the states of every subject of a refresh lie."""
    return snapshot.folder() / "states" / str(refresh_id)


def states_file(refresh_id: int, duty: str, period_key: str) -> Path:
    """The file of one duty's states in one period."""
    return states_folder(refresh_id) / f"{duty}.{period_key}.parquet"


def levels_file(refresh_id: int, duty: str, period_key: str) -> Path:
    """Where the places of those states stand on the day on which the duty looks at them."""
    return states_file(refresh_id, duty, period_key).with_suffix(".levels")
