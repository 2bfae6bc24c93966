"""Many come at the same moment: a database that is busy is asked again, so that nobody is lost."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
T = TypeVar("T")

MOST_TRIES = 8
_LONGEST_PAUSE = 0.4  # seconds
# SQLite's own words when another writes; PostgreSQL's codes for a deadlock and a failed order.
_BUSY_WORDS = ("database is locked", "database table is locked")
_BUSY_CODES = {"40001", "40P01", "55P03"}


def patiently(deed: Callable[P, T]) -> Callable[P, T]:
    """Ask again when the database was only busy. Within somebody else's transaction it is asked
    once, because a part of a transaction cannot be done again."""

    @wraps(deed)
    def asked_again(*args: P.args, **kwargs: P.kwargs) -> T:
        tries = 1 if connection.in_atomic_block else MOST_TRIES
        for number in range(1, tries + 1):
            try:
                return deed(*args, **kwargs)
            except OperationalError as error:
                if number == tries or not is_busy(error):
                    raise
            time.sleep(random.uniform(0, _LONGEST_PAUSE * number))  # noqa: S311
        raise AssertionError("the last try answers or raises")

    return asked_again


def is_busy(error: OperationalError) -> bool:
    """Whether the database refused only because somebody else was writing."""
    code = getattr(error.__cause__, "sqlstate", None)
    words = str(error)
    return code in _BUSY_CODES or any(busy in words for busy in _BUSY_WORDS)
