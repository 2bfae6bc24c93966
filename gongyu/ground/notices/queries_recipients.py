"""Who is told about which children on a day, and whether somebody may still be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef

from gongyu.ground.people.models import Bar, Care, Child, Enrolment
from gongyu.ground.prepared import prepared

from .shapes import Recipient

_AT_ONCE = 5000


def children_of_classes(class_ids: Iterable[int], on: date) -> dict[int, int]:
    """{child: class} enrolled in these classes on the day."""
    rows = Enrolment.objects.on(on).filter(school_class__in=list(class_ids))
    return dict(rows.values_list("child_id", "school_class_id"))


def classes_of_children(child_ids: Iterable[int], on: date) -> dict[int, int]:
    """{child: class} of the children that are enrolled on the day."""
    rows = Enrolment.objects.on(on).filter(child__in=list(child_ids))
    return dict(rows.values_list("child_id", "school_class_id"))


def names_in_classes(class_ids: Iterable[int], on: date) -> list[str]:
    """The names of the children of these classes, for the check that no notice lists them."""
    rows = Enrolment.objects.on(on).filter(school_class__in=list(class_ids))
    return list(Child.objects.filter(pk__in=rows.values("child")).values_list("name", flat=True))


def carers_by_child(child_ids: Iterable[int], on: date) -> dict[int, list[tuple[int, bool]]]:
    """{child: (carer, may be called) of those who may be told on the day, the daily carer first}.
    Whoever is barred from information is not among them; whoever is barred from contact may read it
    in the box and is never called. Two SQL queries for each 5 000 children."""
    ids = list(dict.fromkeys(child_ids))
    found: dict[int, list[tuple[int, bool]]] = {child_id: [] for child_id in ids}
    for start in range(0, len(ids), _AT_ONCE):
        chunk = ids[start : start + _AT_ONCE]
        untold, uncalled = set(), set()
        for child_id, carer_id, contact, information in _bars_of(chunk, on):
            if information:
                untold.add((child_id, carer_id))
            if contact:
                uncalled.add((child_id, carer_id))
        for child_id, carer_id in _cares_of(chunk, on):
            pair = (child_id, carer_id)
            if pair not in untold and (carer_id, pair not in uncalled) not in found[child_id]:
                found[child_id].append((carer_id, pair not in uncalled))
    return found


@prepared
def _bars_of(child_ids: list[int], on: date):
    rows = Bar.objects.on(on).filter(child__among=child_ids)
    return rows.values_list("child_id", "carer_id", "contact", "information")


@prepared
def _cares_of(child_ids: list[int], on: date):
    rows = Care.objects.on(on).filter(child__among=child_ids)
    order = ("child", "-is_daily_carer", "-is_guardian", "position", "pk")
    return rows.order_by(*order).values_list("child_id", "carer_id")


def guardians_among(child_ids: Iterable[int], on: date) -> set[tuple[int, int]]:
    """(child, carer) of everybody who is a guardian on the day and may know of the child."""
    ids = list(dict.fromkeys(child_ids))
    found: set[tuple[int, int]] = set()
    for start in range(0, len(ids), _AT_ONCE):
        found.update(_guardians_of(ids[start : start + _AT_ONCE], on))
    return found


@prepared
def _guardians_of(child_ids: list[int], on: date):
    pair = {"child": OuterRef("child"), "carer": OuterRef("carer")}
    untold = Exists(Bar.objects.on(on).filter(**pair, information=True))
    rows = Care.objects.on(on).filter(~untold, child__among=child_ids, is_guardian=True)
    return rows.values_list("child_id", "carer_id")


def recipients(
    child_ids: Iterable[int], on: date, *, guardians_lead: bool = False
) -> list[Recipient]:
    """Everybody to be told about these children, brothers and sisters together. Of each child the
    first who may be called leads, with `guardians_lead` the first guardian; a child for whom nobody
    can lead stands alone, without a carer."""
    told: dict[int, list[int]] = defaultdict(list)
    leads: set[int] = set()
    family: dict[int, int] = {}
    alone = []
    ids = list(child_ids)
    wards = guardians_among(ids, on) if guardians_lead else set()
    for child_id, carers in carers_by_child(ids, on).items():
        first = next(
            (
                carer_id
                for carer_id, called in carers
                if called and (not guardians_lead or (child_id, carer_id) in wards)
            ),
            None,
        )
        if first is None:
            alone.append(Recipient(None, (child_id,), leads=True, family_id=0))
        else:
            leads.add(first)
        for carer_id, _called in carers:
            told[carer_id].append(child_id)
            family.setdefault(carer_id, first or carer_id)
    found = [
        Recipient(
            carer_id,
            tuple(children),
            carer_id in leads,
            carer_id if carer_id in leads else family[carer_id],
        )
        for carer_id, children in told.items()
    ]
    return found + alone
