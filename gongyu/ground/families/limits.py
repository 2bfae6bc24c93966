"""How often codes may be asked for and guessed. Kept in the cache; nothing of it names anybody."""

from __future__ import annotations

from django.core.cache import cache

from gongyu.ground.secrets.fields import digest

# Thousands of telephones of one mobile network share an address, and a village does; a number is
# asked for by one family.
ASKED_FROM_AN_ADDRESS = (1200, 3600)
ASKED_FOR_A_NUMBER = (5, 3600)
MISSED_FROM_AN_ADDRESS = (20, 600)


def may_ask(phone_digest: str, address: str) -> bool:
    """May a code be sent once more? Counts the asking, the same for known and unknown numbers."""
    number = _count_up("number", phone_digest, ASKED_FOR_A_NUMBER)
    network = _count_up("network", address, ASKED_FROM_AN_ADDRESS)
    return number and network


def too_many_misses(address: str) -> bool:
    return cache.get(_key("miss", address), 0) >= MISSED_FROM_AN_ADDRESS[0]


def note_miss(address: str) -> None:
    _count_up("miss", address, MISSED_FROM_AN_ADDRESS)


def _count_up(what: str, of: str, limit: tuple[int, int]) -> bool:
    most, seconds = limit
    key = _key(what, of)
    count = cache.get(key, 0) + 1
    cache.set(key, count, seconds)
    return count <= most


def _key(what: str, of: str) -> str:
    return f"family-{what}:{digest('address', of)}"
