"""Questions about visits, for the pages of this measure and for those that cross measures."""

from .declines import declines_to_acknowledge
from .overview import ChildRow, ClassOverview, class_overview
from .records import visits_of_child
from .work import follow_ups_of, school_progress, waiting_answers

__all__ = [
    "ChildRow",
    "ClassOverview",
    "class_overview",
    "declines_to_acknowledge",
    "follow_ups_of",
    "school_progress",
    "visits_of_child",
    "waiting_answers",
]
