"""What a family sees of visits on its own pages: what waits for its answer, what is agreed, what was."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.utils.timezone import make_aware

from gongyu.ground.families.shapes import Family
from gongyu.ground.people.models import Child
from gongyu.ground.places.models import SchoolClass
from gongyu.ground.prepared import prepared

from ..models import Proposal, VisitChild
from .links import FamilyPage


def proposals_of_family(child_ids: Collection[int], on: date) -> list[Proposal]:
    """The proposals under way whose children are all among these, with times and children: one that
    also concerns a child out of sight is nobody's business here. Three SQL queries."""
    midnight = make_aware(datetime.combine(on, time.min))
    found = _under_way(list(child_ids), on, midnight)
    prefetch_related_objects(found, "times", "children")
    return found


@prepared
def _under_way(child_ids: list[int], on: date, midnight: datetime):
    live = Proposal.objects.filter(status__in=["proposed", "asked_other", "chosen"])
    live = live.exclude(status="proposed", answer_by__lt=on)
    live = live.exclude(status="chosen", chosen_time__starts_at__lt=midnight)
    every = Child.objects.filter(visit_proposals=OuterRef("pk"))
    beyond = every.exclude(pk__among=child_ids)
    rows = live.filter(~Exists(beyond), Exists(every.filter(pk__among=child_ids)))
    rows = rows.select_related("proposer", "class_place", "chosen_time")
    return rows.order_by("answer_by", "pk")


def proposal_at_home(family: Family, proposal_id: int, on: date) -> FamilyPage | None:
    """The page on which a family answers one of its own proposals, or None."""
    found = proposals_of_family(family.child_ids, on)
    proposal = next((p for p in found if p.pk == proposal_id and p.status == "proposed"), None)
    if proposal is None:
        return None
    return FamilyPage(
        proposal=proposal,
        teacher=proposal.proposer.name,
        school=SchoolClass.objects.get(place=proposal.class_place_id).school.name,
        children=[child.name for child in proposal.children.all()],
    )


def visits_at_home(child_id: int, on: date, limit: int = 10) -> list[VisitChild]:
    """That there were visits to a child, newest first: the day, by whom, what came of it. What the
    school noted for its own work is not fetched. One SQL query."""
    return _visits_to(child_id, on, limit=limit)


@prepared
def _visits_to(child_id: int, on: date, *, limit: int):
    rows = VisitChild.objects.filter(child=child_id, visit__status="standing")
    rows = rows.filter(visit__visited_on__lte=on).defer("note", "visit__asked", "visit__follows")
    return rows.select_related("visit", "post__staff").order_by("-visit__visited_on", "-pk")[:limit]


def visits_by_child(child_ids: Collection[int]) -> dict[int, int]:
    """{visit id: child id} for everything ever recorded about these children, for who read it."""
    rows = VisitChild.objects.filter(child__in=list(child_ids))
    return dict(rows.values_list("visit_id", "child_id"))
