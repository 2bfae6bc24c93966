"""The numbers by which notices go, each with where it comes from. None of them is in the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, what it is in words, and its source; a local rule is shown as one."""

    value: object
    words: str
    source: str


def weekly_budget() -> Parameter:
    """How many sounding messages a family is sent in a week, Monday to Sunday, at most."""
    return Parameter(
        settings.NOTICES_A_WEEK,
        _("每家每周最多响几次"),
        _(
            "本系统的约定，运维可以调低；没有文件规定具体次数。依据的是减负的要求（国办函〔2026〕12号）。"
        ),
    )


QUIET = Parameter(
    (time(21, 30), time(7, 0)),
    _("安静时段"),
    _("本系统的约定：孩子和家里老人休息的时间，除了安全，不响。"),
)
DIGEST = Parameter(
    (3, time(19, 0)),  # Thursday
    _("每周一信"),
    _("本系统的约定：周四晚上七点，周末前还来得及安排。"),
)
# How long each step of a must-reach path is given before the next begins.
PATIENCE = {"box": timedelta(hours=4), "message": timedelta(hours=24)}
PATIENCE_IN_DANGER = {"box": timedelta(0), "message": timedelta(minutes=20)}
# The slip needs this long in its carrier's hands before the notice is over.
HAND_OVER = timedelta(days=1)
REMIND_AFTER = timedelta(hours=24)

# Reading: our own slow estimate, for people who read little; opening counts, and so does deciding.
CHARACTERS_A_MINUTE = 250
SECONDS_TO_OPEN = 15
SECONDS_TO_ANSWER = 30
SECONDS_TO_HAND_OVER = 300

# A message: claimed for so long; tried so often; asked after so long when nobody knows.
CLAIM = timedelta(minutes=10)
TRIES = 6
AGAIN_AFTER = (60, 300, 1800, 7200, 21600)  # seconds
ASKED_AFTER = (60, 600, 3600, 21600, 86400)  # seconds
# What was said is kept so long after it is over, then only counts remain.
WORDS_KEPT = timedelta(days=90)
