"""Why a family comes first, computed from work done and from days, never from labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

# How long a change counts as new.
NEW_PUPIL_DAYS = 90
NEW_CARER_DAYS = 120

# The order is the order of need: the first reason decides, the others break ties.
REASONS = {
    "family_asked": _("家长提出希望家访"),
    "carer_changed": _("照护人有变化"),
    "new_in_class": _("新到班里"),
    "follow_up_open": _("上次约定的事还没办"),
    "failed_attempt": _("去过没成功"),
    "never_visited": _("还没有家访过"),
}


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one child's visits and days; days are None where nothing happened."""

    asked_on: date | None = None
    carer_changed_on: date | None = None
    joined_on: date | None = None
    joined_midway: bool = False
    last_held_on: date | None = None
    last_attempt_on: date | None = None
    open_follow_ups: int = 0


def reasons(history: History, on: date) -> tuple[str, ...]:
    """The keys of REASONS that hold on the day, most urgent first."""
    since = history.last_held_on or date.min
    holds = {
        "family_asked": history.asked_on is not None and history.asked_on > since,
        "carer_changed": _recent(history.carer_changed_on, NEW_CARER_DAYS, since, on),
        "new_in_class": history.joined_midway
        and _recent(history.joined_on, NEW_PUPIL_DAYS, since, on),
        "follow_up_open": history.open_follow_ups > 0,
        "failed_attempt": history.last_attempt_on is not None and history.last_attempt_on > since,
        "never_visited": history.last_held_on is None,
    }
    return tuple(key for key in REASONS if holds[key])


def rank(found: tuple[str, ...]) -> tuple[int, ...]:
    """A key to sort by: most urgent first."""
    return tuple(0 if key in found else 1 for key in REASONS)


def _recent(day: date | None, days: int, since: date, on: date) -> bool:
    return day is not None and day > since and on - timedelta(days=days) <= day <= on
