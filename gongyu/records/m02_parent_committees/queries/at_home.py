"""What a committee asks of a family that is at home in its own pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from gongyu.ground.families.shapes import Family
from gongyu.ground.people.models import Bar
from gongyu.ground.prepared import prepared

from ..models import Poll, VoterChild


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ballot, or an answer to a matter, that the family has not given yet."""

    poll_id: int
    child_id: int
    title: str  # the matter's; empty for an election
    place: str
    last_on: date


def waiting_at_home(family: Family, on: date) -> list[Waiting]:
    """One line a question, however many children it is asked for. Whoever is barred from one child
    of a voting family is not asked. One SQL query."""
    spoken = {child.child_id: child for child in family.spoken_for}
    found: dict[int, Waiting] = {}
    for row in _asked_of(list(spoken), family.carer_id, on) if spoken else ():
        child, thing = spoken[row.child_id], _asked_in(row.poll)
        committee = thing.committee
        # The roll keeps its day; the page is that of the class in which the child is now.
        if committee.level == "class" and committee.place_id != child.class_id:
            continue
        if committee.school_id == child.school_id:
            title, place = getattr(thing, "title", ""), committee.place.name
            line = Waiting(row.poll_id, row.child_id, title, place, row.poll.last_on)
            found.setdefault(row.poll_id, line)
    return list(found.values())


@prepared
def _asked_of(child_ids: list[int], carer_id: int, on: date):
    barred = Bar.objects.on(on).filter(carer=carer_id).values("child")
    kept_out = VoterChild.objects.filter(voter=OuterRef("voter"), child__in=barred)
    asked = Q(poll__election__status="voting") | Q(poll__matter__status="asking")
    rows = VoterChild.objects.filter(
        asked,
        ~Exists(kept_out),
        child__among=child_ids,
        voter__voted=False,
        poll__counted_on__isnull=True,
        poll__last_on__gte=on,
    )
    rows = rows.select_related("poll__election__committee__place", "poll__matter__committee__place")
    return rows.order_by("poll__last_on", "poll_id", "child_id")


def _asked_in(poll: Poll):
    return getattr(poll, "election", None) or poll.matter
