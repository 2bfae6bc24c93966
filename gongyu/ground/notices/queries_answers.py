"""Which family answered what, for the sender alone: by answer, and as a sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from gongyu.ground.staff.naming import by_name

from .models import Delivery, DeliveryChild, Notice
from .queries_recipients import guardians_among

# More families than this are for the sheet; a page of names serves nobody.
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Said:
    """One word of one carer: for which children of which classes, by whom, how and when."""

    names: str = field(repr=False)
    classes: str
    carer: str = field(repr=False)
    way: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """Those who gave one answer; the last group are families in which carers differ."""

    words: str
    families: list[Said]
    differs: bool = False


def answers_to(notice: Notice, on: date) -> list[Answer]:
    """By answer in the order of the choices, families by name; three SQL queries, four where the
    law asks for consent: then only those count who are guardians on the day."""
    rows = list(notice.deliveries.filter(answer__isnull=False).select_related("carer"))
    children = _children_of(rows)
    if notice.asks_guardians:
        rows = _of_guardians(rows, children, on)
    families: dict[tuple[int, int], list[Delivery]] = defaultdict(list)
    for row in rows:
        families[row.family_id, 0 if row.family_id else row.pk].append(row)
    choices = list(notice.choices) or [_("知道了")]
    found: dict[int, list[Said]] = {number: [] for number in range(len(choices))}
    differing: list[Said] = []
    for several in families.values():
        given = {row.answer for row in several}
        if len(given) > 1:
            differing += [_said(row, children[row.pk], choices[row.answer]) for row in several]
        else:
            first = min(several, key=lambda row: row.answered_at)
            found[first.answer].append(_said(first, children[first.pk]))
    groups = [Answer(choices[number], _by_name(said)) for number, said in found.items()]
    if differing:
        words = _("照护人说的不一样，请再问一声")
        if notice.asks_guardians:
            words = _("监护人说的不一样，先按不同意办，请再问一声")
        groups.append(Answer(words, _by_name(differing), differs=True))
    return groups


def _of_guardians(
    rows: list[Delivery], children: dict[int, list[DeliveryChild]], on: date
) -> list[Delivery]:
    ids = {one.child_id for row in rows for one in children[row.pk]}
    wards = guardians_among(ids, on)
    return [
        row
        for row in rows
        if row.carer_id is None
        or all((one.child_id, row.carer_id) in wards for one in children[row.pk])
    ]


def _children_of(rows: Iterable[Delivery]) -> dict[int, list[DeliveryChild]]:
    found: dict[int, list[DeliveryChild]] = defaultdict(list)
    told = DeliveryChild.objects.filter(delivery__in=[row.pk for row in rows])
    for one in told.select_related("child", "class_place").order_by("pk"):
        found[one.delivery_id].append(one)
    return found


def _said(row: Delivery, children: list[DeliveryChild], words: str = "") -> Said:
    carer = row.carer.name if row.carer else ""
    classes = dict.fromkeys(one.class_place.name for one in children if one.class_place)
    return Said(
        "、".join(one.child.name for one in children),
        "、".join(classes),
        f"{carer}：{words}" if words else carer,
        str(Delivery.Way(row.answered_way).label),
        row.answered_at,
    )


def _by_name(said: list[Said]) -> list[Said]:
    return by_name(said, lambda one: one.names)
