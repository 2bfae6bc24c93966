"""How often somebody may try links that do not open, before waiting. Kept in the cache alone."""

from __future__ import annotations

from django.core.cache import cache

from gongyu.ground.secrets.fields import digest

MOST_MISSES = 20
WINDOW_SECONDS = 600


def too_many_misses(address: str) -> bool:
    """Has this network address tried too many wrong links, the last of them within ten minutes?
    Right ones are never counted and always open: a whole village, or a server in front, may be
    one address, and nobody guesses 120 bits."""
    return cache.get(_key(address), 0) >= MOST_MISSES


def note_miss(address: str) -> None:
    # Counting up in the cache would raise when the count runs out in that very moment.
    cache.set(_key(address), cache.get(_key(address), 0) + 1, WINDOW_SECONDS)


def _key(address: str) -> str:
    return f"family-link-miss:{digest('address', address)}"
