"""How often somebody may try links that do not open, before waiting. Kept in the cache alone."""

from __future__ import annotations

from django.core.cache import cache

from gongyu.ground.secrets.fields import digest

MOST_MISSES = 20
WINDOW_SECONDS = 600


def too_many_misses(address: str) -> bool:
    """Has this network address tried too many wrong links in the last ten minutes? Right ones are
    never counted: a whole village may sit behind one address."""
    return cache.get(_key(address), 0) >= MOST_MISSES


def note_miss(address: str) -> None:
    key = _key(address)
    if not cache.add(key, 1, WINDOW_SECONDS):
        cache.incr(key)


def _key(address: str) -> str:
    return f"visit-link-miss:{digest('address', address)}"
