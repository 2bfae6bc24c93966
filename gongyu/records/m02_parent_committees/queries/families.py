"""Families as an electorate: the children of whom the same guardian answers are one family.

Who belongs together follows from guardians alone: a grandmother who minds the children of two
daughters joins nobody's vote. Who is barred from a child ties it to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongyu.ground.people.models import Bar, Care, Enrolment, Relation
from gongyu.ground.places.models import SchoolClass
from gongyu.shared_work.family_links.carers import CarerChoice, carers_of_families

from ..models import Committee, Level


@dataclass(frozen=True, slots=True)
class Family:
    """One family of an electorate; `class_id` is the class of its first child, where it is told."""

    children: tuple[int, ...]
    class_id: int


def pupils_of(committee: Committee, on: date):
    """The enrolments of the day whose families elect the committee."""
    rows = Enrolment.objects.on(on)
    if committee.level == Level.CLASS:
        return rows.filter(school_class=committee.place_id)
    rows = rows.filter(school=committee.school_id)
    if committee.level == Level.GRADE:
        classes = SchoolClass.objects.filter(
            school=committee.school_id,
            school_year=committee.school_year,
            stage=committee.stage,
            grade=committee.grade,
        )
        return rows.filter(school_class__in=classes.values("place_id"))
    return rows


def families_of(committee: Committee, on: date) -> list[Family]:
    """The electorate on the day, in the order of the children's numbers. Three SQL queries."""
    rows = pupils_of(committee, on).values_list("child_id", "school_class_id")
    class_of = dict(rows.order_by("child_id"))
    return [Family(group, class_of[group[0]]) for group in grouped(class_of, on)]


def grouped(child_ids: Iterable[int], on: date) -> list[tuple[int, ...]]:
    """The children parted into families by their guardians of the day. Two SQL queries."""
    ids = sorted(set(child_ids))
    barred = set(Bar.objects.on(on).filter(child__in=ids).values_list("child_id", "carer_id"))
    guardians = (
        Care.objects.on(on)
        .filter(child__in=ids, is_guardian=True)
        # The children of a home have one guardian and are not brothers and sisters for that.
        .exclude(relation=Relation.INSTITUTION)
        .values_list("child_id", "carer_id")
    )
    first_of: dict[int, int] = {}
    head: dict[int, int] = {child: child for child in ids}

    def top(child: int) -> int:
        while head[child] != child:
            child = head[child]
        return child

    for child, carer in sorted(set(guardians) - barred):
        one, other = top(child), top(first_of.setdefault(carer, child))
        head[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = defaultdict(list)
    for child in ids:
        found[top(child)].append(child)
    return [tuple(group) for _first, group in sorted(found.items())]


def who_may_answer(families: dict[int, list[int]], on: date) -> dict[int, list[CarerChoice]]:
    """{family: guardians and daily carers who are barred from none of its children}, the daily carer
    first: the grandmother with whom the child lives hands in the family's ballot."""
    return {
        key: [c for c in carers if c.is_guardian or c.is_daily_carer]
        for key, carers in carers_of_families(families, on).items()
    }


def eligible_carers(committee: Committee, on: date) -> dict[int, CarerChoice]:
    """Who may take a seat: {carer id: carer}, guardians and daily carers of the electorate."""
    groups = {n: list(f.children) for n, f in enumerate(families_of(committee, on))}
    found = {c.carer_id: c for carers in who_may_answer(groups, on).values() for c in carers}
    return dict(sorted(found.items(), key=lambda item: (item[1].name, item[0])))


# A class is read at a glance; of a whole school somebody is looked for by name.
MOST_SHOWN = 80


def shortlist(
    eligible: Mapping[int, CarerChoice], words: str = "", keep: Iterable[int] = ()
) -> dict[int, CarerChoice]:
    """A short list whole; of a long one those whose name has the words, and whoever is kept."""
    if len(eligible) <= MOST_SHOWN:
        return dict(eligible)
    wanted = words.strip()
    named = [pk for pk, carer in eligible.items() if wanted and wanted in carer.name]
    shown = {*named[:MOST_SHOWN], *keep}
    return {pk: carer for pk, carer in eligible.items() if pk in shown}
