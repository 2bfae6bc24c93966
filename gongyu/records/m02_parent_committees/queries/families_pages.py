"""What a family and a member find behind their links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.shared_work.family_links.carers import masked

from ..models import Candidate, Election, FamilyLink, Matter, Member, Poll, Voter
from .committees import CommitteePage, committee_page, committee_pages, picture_of
from .links import AtHome, committees_of_link, open_family_link, open_member_link, voter_of


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is asked of the family: `state` is open, answered, closed, or not_on_roll."""

    poll: Poll
    state: str
    election: Election | None = None
    matter: Matter | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class OfCommittee:
    """A committee as the families who elect it see it. `own` is the carer's own candidacy."""

    page: CommitteePage
    question: Question | None
    matter: Question | None
    own: Candidate | None
    nominating: bool


@dataclass(frozen=True, slots=True)
class FamilyPage:
    link: FamilyLink
    child: str
    carer: str
    class_name: str
    school: str
    committees: list[OfCommittee]


def family_page(key: str | AtHome, on: date) -> FamilyPage | None:
    """The page behind a token, or of a carer at home; None where it opens nothing today."""
    link = open_family_link(key, on)
    if link is None:
        return None
    committees = committees_of_link(link, on)
    return FamilyPage(
        link=link,
        child=masked(link.child.name),
        carer=masked(link.carer.name),
        class_name=link.class_place.name,
        school=committees[0].school.name if committees else "",
        committees=[
            _for_family(shown, link, on) for shown in committee_pages(committees, on, names=True)
        ],
    )


def _for_family(page: CommitteePage, link: FamilyLink, on: date) -> OfCommittee:
    election = page.election
    own = None
    if election is not None:
        own = next((c for c in election.candidates.all() if c.carer_id == link.carer_id), None)
    asking = next((a.matter for a in page.accounts if a.matter.status == "asking"), None)
    return OfCommittee(
        page=page,
        question=_of_election(election, link, on) if election and election.poll else None,
        matter=Question(asking.poll, _state(asking.poll, link, on), matter=asking)
        if asking
        else None,
        own=own,
        nominating=bool(
            election and election.status == "nominating" and on <= election.nominate_until
        ),
    )


def _of_election(election: Election, link: FamilyLink, on: date) -> Question:
    standing = sorted(
        (c for c in election.candidates.all() if c.number is not None), key=lambda c: c.number
    )
    return Question(
        election.poll, _state(election.poll, link, on), election, candidates=tuple(standing)
    )


def _state(poll: Poll, link: FamilyLink, on: date) -> str:
    voter: Voter | None = voter_of(link, poll, on)
    if voter is None:
        return "not_on_roll"
    if voter.voted:
        return "answered"
    return "open" if on <= poll.last_on and poll.counted_on is None else "closed"


def family_picture(key: str | AtHome, pk, on: date) -> bytes | None:
    link = open_family_link(key, on)
    return picture_of(pk, committees_of_link(link, on)) if link else None


@dataclass(frozen=True, slots=True)
class MemberPage:
    member: Member
    page: CommitteePage


def member_page(token: str, on: date) -> MemberPage | None:
    member = open_member_link(token, on)
    if member is None:
        return None
    return MemberPage(member, committee_page(member.term.committee, on, names=True))


def member_picture(token: str, pk, on: date) -> bytes | None:
    member = open_member_link(token, on)
    return picture_of(pk, [member.term.committee_id]) if member else None
