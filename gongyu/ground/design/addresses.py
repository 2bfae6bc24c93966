"""The addresses that a list repeats for every child: the pattern is looked up once a process."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse

_ANY = 7_000_000_007  # a number that stands in the pattern and nowhere else


@lru_cache(maxsize=32)
def _around(name: str) -> tuple[str, str]:
    before, _number, after = reverse(name, args=[_ANY]).partition(str(_ANY))
    return before, after


def address(name: str, pk: int) -> str:
    """As `reverse(name, args=[pk])`, for names that take one number."""
    before, after = _around(name)
    return f"{before}{pk}{after}"
