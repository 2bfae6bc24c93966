"""Puts places under parents, and lets them follow a parent that another place took over from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Q

from . import rules
from .loading import LOCAL_SOURCE
from .models import Place, Placement


def place_under(pairs: Sequence[tuple[Place, Place]], from_on: date | None = None) -> None:
    """Place each child under its parent, from a day or the child's first, as long as it holds.

    Where the parent has one successor, the child follows it; where it has one predecessor, the
    child stood there before. Two of either are not guessed between.
    """
    lineages = {parent.pk: parent for _, parent in pairs}
    lines = {pk: lineage(parent) for pk, parent in lineages.items()}
    stays: list[Placement] = []
    for child, parent in pairs:
        stays += _stays(child, lines[parent.pk], from_on or child.from_on)
    Placement.objects.bulk_create(stays)


def _stays(child: Place, line: list[Place], first: date) -> list[Placement]:
    stays = []
    for index, parent in enumerate(line):
        # A school is often older than the earliest day known of its town: it stands there all along.
        start = first if index == 0 else max(first, parent.from_on)
        end = child.until_on
        if parent is not line[-1]:
            end = min(filter(None, (end, parent.until_on)))
        if end is None or start < end:
            stays.append(Placement(place=child, parent=parent, from_on=start, until_on=end))
    return stays


def lineage(place: Place) -> list[Place]:
    """The place with those that came before and after it one by one, oldest first."""
    line = [place]
    while len(earlier := line[0].predecessors.filter(until_on=line[0].from_on)[:2]) == 1:
        line.insert(0, earlier[0])
    while line[-1].until_on is not None:
        later = line[-1].successors.filter(from_on=line[-1].until_on)[:2]
        if len(later) != 1:
            break
        line.append(later[0])
    return line


def move(place: Place, parent: Place, from_on: date) -> None:
    """Put a place under another parent from a day on and mark it as changed here."""
    rules.check_can_move(place, parent, from_on)
    stays = Placement.objects.filter(place=place)
    stays.filter(from_on__gte=from_on).delete()
    stays.filter(Q(until_on__isnull=True) | Q(until_on__gt=from_on)).update(until_on=from_on)
    place_under([(place, parent)], from_on)
    Place.objects.filter(pk=place.pk).update(source=LOCAL_SOURCE)


def follow_successors() -> int:
    """Let what stands in a closed place follow its one successor; returns how many moved.

    Needed when a newer file closes a town in which a school was opened here.
    """
    left_behind = (
        Placement.objects.filter(parent__until_on__isnull=False)
        .filter(Q(until_on__isnull=True) | Q(until_on__gt=F("parent__until_on")))
        .select_related("place", "parent")
    )
    moved = 0
    for stay in left_behind:
        line = lineage(stay.parent)
        later = line[line.index(stay.parent) + 1 :]
        if not later:
            continue
        end = stay.parent.until_on
        Placement.objects.filter(pk=stay.pk).update(until_on=end)
        Placement.objects.bulk_create(_stays(stay.place, later, end))
        moved += 1
    return moved
