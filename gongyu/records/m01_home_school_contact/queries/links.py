"""One-time links: which one a token opens today, and what a slip of paper says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.ground.prepared import keep_fetched, prepared
from gongyu.shared_work.family_links.carers import cares_for_all, masked

from .. import tokens
from ..models import Link, Proposal, ProposedTime
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
    link = next(iter(_open_links(tokens.digest_of(token), on)), None)
    if link is None:
        return None
    keep_fetched(link.proposal, "times", _times_of(link.proposal_id))
    children = [row.child for row in _children_of(link.proposal_id)]
    keep_fetched(link.proposal, "children", children)
    family = [child.pk for child in children]
    return link if cares_for_all(link.carer_id, family, on) else None


@prepared
def _open_links(digest: str, on: date):
    return (
        Link.objects.filter(
            token_digest=digest,
            used_at__isnull=True,
            proposal__status="proposed",
            proposal__answer_by__gte=on,
        )
        .select_related(
            "proposal__proposer", "proposal__class_place__school_class__school", "proposal__post"
        )
        .defer("proposal__proposer__id_number", "proposal__proposer__phone")
    )


@prepared
def _times_of(proposal_id: int):
    return ProposedTime.objects.filter(proposal=proposal_id).order_by("starts_at")


@prepared
def _children_of(proposal_id: int):
    rows = Proposal.children.through.objects.filter(proposal=proposal_id).select_related("child")
    return rows.only("proposal", "child__name").order_by("child_id")


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
        school=proposal.class_place.school_class.school.name,
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
