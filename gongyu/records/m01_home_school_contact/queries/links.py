"""One-time links: which one a token opens today, and what a slip of paper says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.ground.places.models import SchoolClass
from gongyu.shared_work.family_links.carers import cares_for_all, masked

from .. import tokens
from ..models import Link, Proposal
from .families import CarerChoice, carers_of_families, carers_of_family


@dataclass(frozen=True, slots=True)
class Slip:
    """What a carer is handed: the proposal and the link's token (None: no link, or no longer)."""

    proposal: Proposal
    carer: CarerChoice
    token: str | None


def open_link(token: str, on: date) -> Link | None:
    """The link that this token opens on the day. It opens until it is used or the day of answer has
    passed, and only as long as its carer cares for every child of it and is barred from none."""
    link = (
        Link.objects.filter(
            token_digest=tokens.digest_of(token),
            used_at__isnull=True,
            proposal__status="proposed",
            proposal__answer_by__gte=on,
        )
        .select_related("proposal__proposer", "proposal__class_place", "proposal__post")
        .prefetch_related("proposal__times", "proposal__children")
        .first()
    )
    if link is None:
        return None
    family = [child.pk for child in link.proposal.children.all()]
    return link if cares_for_all(link.carer_id, family, on) else None


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """What the family's one-time page shows, and no more."""

    proposal: Proposal
    teacher: str
    school: str
    children: list[str]  # names with the middle hidden: a lost slip tells little


def family_page(token: str, on: date) -> FamilyPage | None:
    """The page behind a token, or None where the token opens nothing today."""
    link = open_link(token, on)
    if link is None:
        return None
    proposal = link.proposal
    return FamilyPage(
        proposal=proposal,
        teacher=proposal.proposer.name,
        school=SchoolClass.objects.get(place=proposal.class_place_id).school.name,
        children=[masked(child.name) for child in proposal.children.all()],
    )


def slips_of(proposal: Proposal, on: date) -> list[Slip]:
    """One slip for each carer of the family who may be told, the daily carer first."""
    family = [child.pk for child in proposal.children.all()]
    return _slips(proposal, carers_of_family(family, on), on)


def first_slips(proposals: list[Proposal], on: date) -> list[Slip]:
    """For each family the slip of its first carer with an open link; three SQL queries in all."""
    families = {p.pk: [child.pk for child in p.children.all()] for p in proposals}
    carers = carers_of_families(families, on)
    linked = [
        [slip for slip in _slips(p, carers[p.pk], on) if slip.token is not None] for p in proposals
    ]
    return [slips[0] for slips in linked if slips]


def _slips(proposal: Proposal, carers: list[CarerChoice], on: date) -> list[Slip]:
    links = {link.carer_id: link for link in proposal.links.all() if link.used_at is None}
    open_now = proposal.status == "proposed" and proposal.answer_by >= on
    slips = []
    for carer in carers:
        link = links.get(carer.carer_id) if open_now else None
        token = tokens.token_for(proposal.pk, carer.carer_id, link.salt) if link else None
        slips.append(Slip(proposal, carer, token))
    return slips
