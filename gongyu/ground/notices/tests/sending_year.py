"""What a school sends on a day of the year: more than it should."""

from __future__ import annotations

import random
from datetime import date
from itertools import product

from .town import UNTIL, Town

# Winter and summer vacation, roughly: little is sent then.
_VACATIONS = ((date(2027, 1, 23), date(2027, 2, 28)), (date(2027, 7, 3), UNTIL))


def is_vacation(day: date) -> bool:
    return any(first <= day < until for first, until in _VACATIONS)


def notices_of_a_day(town: Town, day: date, draw: random.Random) -> list[tuple]:
    """(hour, minute, notice, key) of everything that is sent on a day: more than a school should."""
    found: list[tuple] = []

    def add(hour, kind, days, **told):
        new = town.notice(kind, day, days, **told)
        found.append((hour, draw.randrange(60), new, f"{day}:{len(found)}"))

    if draw.random() < 0.015:
        add(draw.choice([2, 6, 13, 22]), "safety", 2, title="天气变化，注意安全")
    if day.weekday() > 4 or is_vacation(day):
        return found
    hours = {"to_know": [8, 12, 17, 22], "to_answer": [9, 16, 21]}
    for one, kind in product(town.classes, hours):
        if draw.random() < {"to_know": 0.45, "to_answer": 0.2}[kind]:
            add(draw.choice(hours[kind]), kind, draw.randrange(2, 9), classes=[one])
    if draw.random() < 0.25:
        add(16, "to_know", 8)
    if draw.random() < 0.06:
        add(11, "to_answer", 7, basis="law", basis_words="未成年人保护法第二十条")
    if day.day == 10:
        add(10, "to_know", 20, is_campaign=True, white_list="渝教白〔2026〕3号",
            department_id=town.department.pk)  # fmt: skip
    if draw.random() < 0.3:
        child = draw.choice(town.children).pk
        add(15, "to_answer", 5, child_ids=(child,), title="约个时间聊聊")
    return found
