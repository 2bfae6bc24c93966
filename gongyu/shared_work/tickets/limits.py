"""How often one network address may tell something, and try numbers and codes. In the cache alone."""

from __future__ import annotations

from django.core.cache import cache

from gongyu.ground.secrets.fields import digest
from gongyu.shared_work.family_links.limits import note_miss, too_many_misses

__all__ = ["MOST_TOLD", "note_miss", "note_told", "told_too_often", "too_many_misses"]

# A whole school, or thousands of telephones of one network, may sit behind one address; a machine
# sends more than this.
MOST_TOLD = 120
WINDOW_SECONDS = 3600


def told_too_often(address: str) -> bool:
    """Has this address told more within the hour than people do?"""
    return cache.get(_key(address), 0) >= MOST_TOLD


def note_told(address: str) -> None:
    cache.set(_key(address), cache.get(_key(address), 0) + 1, WINDOW_SECONDS)


def _key(address: str) -> str:
    return f"ticket-told:{digest('address', address)}"
