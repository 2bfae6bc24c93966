"""Questions about visits, for the pages of this measure and for those that cross measures."""

from .at_home import proposals_of_family, visits_at_home, visits_by_child
from .concerns import concerns_of_child, concerns_to_act, offers_to
from .contacts import channel_counts, contacts_of_child
from .declines import declines_to_acknowledge
from .overview import ChildRow, ClassOverview, class_overview
from .records import visits_of_child
from .work import follow_ups_of, school_progress, waiting_answers

__all__ = [
    "ChildRow",
    "ClassOverview",
    "channel_counts",
    "class_overview",
    "concerns_of_child",
    "concerns_to_act",
    "contacts_of_child",
    "declines_to_acknowledge",
    "follow_ups_of",
    "offers_to",
    "proposals_of_family",
    "school_progress",
    "visits_at_home",
    "visits_by_child",
    "visits_of_child",
    "waiting_answers",
]
