"""Where a child was, kept day by day in a plain list: slow, obvious, and told only the deeds.

It knows nothing of intervals, tables or facts; the tests hold the real actions against it.
"""

from __future__ import annotations

SLIP_DAYS, REOPEN_DAYS = 31, 62
HANDED_OVER = "handed over"
LEFT = "left"


class Refused(Exception):
    """The deed is impossible."""


class DayByDay:
    """One child over `days` days; on each day the stay it was in, or None. After the last day
    everything goes on as it was on it. A stay is a number; `class_of` tells its class."""

    def __init__(self, days: int):
        self.stays: list[int | None] = [None] * days
        self.class_of: dict[int, int] = {}
        self.ended_by: dict[int, str] = {}

    def classes(self) -> list[int | None]:
        """The class on each day."""
        return [None if stay is None else self.class_of[stay] for stay in self.stays]

    def intervals(self) -> set[tuple[int, int, int | None]]:
        """(class, first day, first day no longer there or None) of every stay."""
        found = set()
        for stay, place in self.class_of.items():
            days = [day for day, there in enumerate(self.stays) if there == stay]
            last = days[-1]
            found.add((place, days[0], None if last == len(self.stays) - 1 else last + 1))
        return found

    def enrol(self, place: int, day: int) -> None:
        if any(stay is not None for stay in self.stays[day:]):
            raise Refused
        self._begin(place, day)

    def move(self, place: int, day: int) -> None:
        stay = self._open_stay()
        if stay is None or self._first(stay) >= day or self.class_of[stay] == place:
            raise Refused
        self.ended_by[stay] = HANDED_OVER
        self._begin(place, day)

    def receive(self, place: int, day: int) -> None:
        if all(stay is None for stay in self.stays[day:]):
            self._begin(place, day)
            return
        stay = self._open_stay()
        if stay is None or self.stays[day] != stay or self._first(stay) >= day:
            raise Refused
        self.ended_by[stay] = HANDED_OVER
        self._begin(place, day)

    def leave(self, day: int) -> None:
        stay = self._open_stay()
        if stay is None or self._first(stay) >= day:
            raise Refused
        self.ended_by[stay] = LEFT
        self._fill(day, None)

    def reopen(self, today: int) -> None:
        stay = self._newest()
        if stay is None or self._end(stay) is None or self._end(stay) + REOPEN_DAYS <= today:
            raise Refused
        self._fill(self._end(stay), stay)
        self.ended_by.pop(stay)

    def take_back(self, today: int) -> None:
        stay = self._newest()
        if stay is None or self._first(stay) + SLIP_DAYS <= today:
            raise Refused
        first = self._first(stay)
        before = self._handed_over_on(first)
        self._fill(first, before)
        del self.class_of[stay]
        self.ended_by.pop(stay, None)
        self.ended_by.pop(before, None)

    def correct_start(self, day: int) -> None:
        stay = self._newest()
        if stay is None or day == self._first(stay):
            raise Refused
        first, end = self._first(stay), self._end(stay)
        before = self._handed_over_on(first)
        if end is not None and day >= end:
            raise Refused
        if before is not None and day <= self._first(before):
            raise Refused
        if before is None and any(s not in (None, stay) for s in self.stays[day:first]):
            raise Refused
        for each in range(min(day, first), max(day, first)):
            self.stays[each] = stay if day < first else before

    def _begin(self, place: int, day: int) -> None:
        stay = max(self.class_of, default=0) + 1
        self.class_of[stay] = place
        self._fill(day, stay)

    def _fill(self, day: int, stay: int | None) -> None:
        self.stays[day:] = [stay] * (len(self.stays) - day)

    def _open_stay(self) -> int | None:
        return self.stays[-1]

    def _newest(self) -> int | None:
        there = [stay for stay in self.stays if stay is not None]
        return there[-1] if there else None

    def _first(self, stay: int) -> int:
        return self.stays.index(stay)

    def _end(self, stay: int) -> int | None:
        if self.stays[-1] == stay:
            return None
        return len(self.stays) - self.stays[::-1].index(stay)

    def _handed_over_on(self, day: int) -> int | None:
        """The stay that a move or a hand-over ended on the day."""
        before = self.stays[day - 1] if day > 0 else None
        return before if self.ended_by.get(before) == HANDED_OVER else None
