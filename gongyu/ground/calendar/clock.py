"""The one place that reads the wall clock; everything else is told the day."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware."""
    return timezone.now()


def today() -> date:
    """Today in Chongqing (Asia/Shanghai)."""
    return timezone.localdate()
