"""What stands behind a person during one request: the approvals in force, and where places stand.

Read once, at the beginning of a request or when first asked, for the day of the request; the next
request reads anew, so that what is withdrawn is withdrawn. Whoever acts longer has no standing, and
is asked about in the database each time.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from gongyu.ground.places.models import Containment
from gongyu.ground.prepared import prepared

from .models import Approval


class Standing:
    """The standing of one member of staff on one day; `scopes` are the places that posts reach."""

    def __init__(self, staff_id: int, scopes: tuple[int, ...], on: date) -> None:
        self.staff_id, self.scopes, self.on = staff_id, scopes, on

    @cached_property
    def approved(self) -> dict[str, frozenset[int]]:
        """{purpose: the places for which an approval runs}."""
        found: dict[str, set[int]] = defaultdict(set)
        for purpose, place in _approvals_of(self.staff_id, self.on):
            found[purpose].add(place)
        return {purpose: frozenset(places) for purpose, places in found.items()}

    @cached_property
    def _above(self) -> dict[int, frozenset[int]]:
        # Most pages ask about a post's own place first.
        return _read_above(self.scopes, self.on)

    def above(self, place_id: int) -> frozenset[int]:
        """The place itself and all that it stands below; empty when it does not exist on the day."""
        if place_id not in self._above:
            self._above.update(_read_above((place_id,), self.on))
        return self._above[place_id]


def _read_above(places: tuple[int, ...], on: date) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {place: set() for place in places}
    for place, ancestor in _ancestors_of(places, on):
        found[place].add(ancestor)
    return {place: frozenset(above) for place, above in found.items()}


@prepared
def _approvals_of(staff_id: int, on: date) -> QuerySet:
    running = Approval.objects.on(on).filter(staff=staff_id, withdrawn_at__isnull=True)
    return running.values_list("purpose", "place")


@prepared
def _ancestors_of(places: tuple[int, ...], on: date) -> QuerySet:
    rows = Containment.objects.on(on).filter(place__among=places)
    return rows.values_list("place", "ancestor")
