"""Links: which one a token opens today, for a family and for a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from gongyu.ground.people.models import Bar, Care, Enrolment
from gongyu.shared_work.family_links.carers import CarerChoice, cares_for_all

from .. import tokens
from ..models import Committee, FamilyLink, Member, MemberLink, Poll, Voter
from .families import grouped, who_may_answer


@dataclass(frozen=True, slots=True)
class Slip:
    """What a family is handed, one for each carer with a link; `token` is None where no link has
    been made yet. `others` are further carers of the family who may be given one."""

    child_id: int
    children: tuple[str, ...]
    carer: CarerChoice
    token: str | None
    others: tuple[CarerChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class AtHome:
    """What a carer who is signed in holds in place of a link's token: for which child, in which
    class. It opens what a link of the three would open, and is checked in the same way."""

    carer_id: int
    child_id: int
    class_id: int


def open_family_link(key: str | AtHome, on: date) -> FamilyLink | None:
    """The link that this token opens on the day: the child is in the class, and the carer is its
    guardian or its daily carer and barred from it in no way. Three SQL queries. A carer who is at
    home in it needs no slip: then the link is one that was never written down."""
    if isinstance(key, AtHome):
        link = FamilyLink(class_place_id=key.class_id, child_id=key.child_id, carer_id=key.carer_id)
    else:
        link = (
            FamilyLink.objects.filter(token_digest=tokens.family_digest(key))
            .select_related("class_place", "carer", "child")
            .first()
        )
    if link is None:
        return None
    here = Enrolment.objects.on(on).filter(child=link.child_id, school_class=link.class_place_id)
    close = Care.objects.on(on).filter(
        Q(is_guardian=True) | Q(is_daily_carer=True), child=link.child_id, carer=link.carer_id
    )
    if not (here.exists() and close.exists()):
        return None
    return link if cares_for_all(link.carer_id, [link.child_id], on) else None


def voter_of(link: FamilyLink, poll: Poll, on: date) -> Voter | None:
    """The family of the link on the roll of a poll. Whoever is barred from one of its children
    speaks for none of them."""
    voter = Voter.objects.filter(poll=poll, children__child=link.child_id).first()
    if voter is None:
        return None
    children = voter.children.values("child_id")
    barred = Bar.objects.on(on).filter(carer=link.carer_id, child__in=children)
    return None if barred.exists() else voter


def committees_of_link(link: FamilyLink, on: date) -> list[Committee]:
    """The committees of the class, of its grade and of its school: class first."""
    enrolled = (
        Enrolment.objects.on(on)
        .select_related("school_class__school_class")
        .get(child=link.child_id, school_class=link.class_place_id)
    )
    one = enrolled.school_class.school_class
    rows = Committee.objects.filter(
        Q(level="class", place=one.place_id)
        | Q(level="school", school=enrolled.school_id)
        | Q(
            level="grade",
            school=enrolled.school_id,
            school_year=one.school_year,
            stage=one.stage,
            grade=one.grade,
        )
    )
    order = {"class": 0, "grade": 1, "school": 2}
    return sorted(rows.select_related("place", "school"), key=lambda c: order[c.level])


def open_member_link(token: str, on: date) -> Member | None:
    """The seat behind a token, as long as it is held."""
    link = (
        MemberLink.objects.filter(token_digest=tokens.member_digest(token))
        .select_related("member__term__committee__place", "member__carer")
        .first()
    )
    if link is None or link.member.left or not link.member.holds_on(on):
        return None
    return link.member if link.member.term.holds_on(on) else None


def families_of_class(class_id: int, on: date) -> list[tuple[int, list[int], dict[int, str]]]:
    """(first child, its children in the class, their names) for each family of a class."""
    rows = Enrolment.objects.on(on).filter(school_class=class_id).select_related("child")
    names = {row.child_id: row.child.name for row in rows}
    return [
        (group[0], list(group), {pk: names[pk] for pk in group}) for group in grouped(names, on)
    ]


def slips_of_class(class_id: int, on: date) -> list[Slip]:
    """For each family a slip of its first carer who may be told. The order is that of the children:
    it says nothing about who has answered. Seven SQL queries."""
    families = families_of_class(class_id, on)
    carers = who_may_answer({first: group for first, group, _names in families}, on)
    links = {
        (link.child_id, link.carer_id): link
        for link in FamilyLink.objects.filter(class_place=class_id)
    }
    slips = []
    for first, _group, names in families:
        linked = [c for c in carers[first] if (first, c.carer_id) in links]
        others = tuple(c for c in carers[first] if c not in linked)
        for carer in linked or carers[first][:1]:
            link = links.get((first, carer.carer_id))
            token = (
                tokens.family_token(class_id, first, carer.carer_id, link.salt) if link else None
            )
            rest = others if linked and carer == linked[0] else ()
            slips.append(Slip(first, tuple(names.values()), carer, token, rest))
    return slips
