"""When something may sound: quiet hours, the weekly digest, the week of a budget. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from .parameters import DIGEST, QUIET


def is_quiet(moment: datetime) -> bool:
    """Do families rest at this moment, in Chongqing?"""
    evening, morning = QUIET.value
    there = timezone.localtime(moment).time()
    return there >= evening or there < morning


def after_quiet(moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours in which it lies."""
    if not is_quiet(moment):
        return moment
    there = timezone.localtime(moment)
    evening, morning = QUIET.value
    day = there.date() + timedelta(days=1) if there.time() >= evening else there.date()
    return timezone.make_aware(datetime.combine(day, morning))


def next_digest(moment: datetime) -> datetime:
    """The first digest at or after a moment."""
    weekday, hour = DIGEST.value
    there = timezone.localtime(moment)
    day = there.date() + timedelta(days=(weekday - there.weekday()) % 7)
    found = timezone.make_aware(datetime.combine(day, hour))
    return found if found >= moment else found + timedelta(days=7)


def week_of(moment: datetime) -> date:
    """The Monday of the week to which a sounding message counts."""
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())


def next_week(moment: datetime) -> datetime:
    """When something may first sound in the week after a moment's."""
    monday = week_of(moment) + timedelta(days=7)
    return after_quiet(timezone.make_aware(datetime.combine(monday, time.min)))


def end_of(until_on: date) -> datetime:
    """The first moment of the first day on which a notice no longer matters."""
    return timezone.make_aware(datetime.combine(until_on, time.min))
