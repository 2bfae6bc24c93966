"""Propose times to families, make the one-time links, withdraw, let expire."""

from __future__ import annotations

import secrets
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import Deed, record, record_many
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.places.models import Place

from .. import rules, tokens
from ..models import Link, Proposal, ProposedTime
from ..queries.families import carers_of_family
from ..queries.posts import post_for, posts_in
from ..rules import VisitFault
from ..shapes import ProposalEntry
from ..states import LIVE_PROPOSALS


@transaction.atomic
def propose_times(
    entry: ProposalEntry, class_place: Place, *, on: date, by: Actor
) -> list[Proposal]:
    """One proposal for each family, each with a link for its daily carer. New times for a family
    that asked for others take the place of the former proposal. Raises VisitFault."""
    rules.check_proposal(entry, on)
    children = {c.pk: c for c in _locked_children(entry, class_place, on)}
    expire_proposals(on=on, by=SYSTEM, children=tuple(children))
    _take_back_asked_other(children, class_place, by=by)
    _check_none_waits(children)
    school_id = Enrolment.objects.on(on).filter(child__in=children).first().school_id
    posts = posts_in(by.staff_id or 0, {class_place.pk, school_id}, on)
    post = post_for(posts, class_place.pk, school_id)
    if post is None:
        raise VisitFault(_("您今天没有担任这个班的老师，不能提时间。"))
    made = []
    for family in entry.families:
        proposal = Proposal.objects.create(
            class_place=class_place,
            proposer_id=by.staff_id,
            post=post,
            message=entry.message,
            elsewhere=entry.elsewhere,
            proposed_on=on,
            answer_by=entry.answer_by,
            changed_at=now(),
        )
        proposal.children.set([children[pk] for pk in family])
        ProposedTime.objects.bulk_create(
            ProposedTime(proposal=proposal, starts_at=moment) for moment in entry.times
        )
        carers = carers_of_family(family, on)
        if carers:
            _new_link(proposal, carers[0].carer_id, by=by)
        made.append(proposal)
    record_many([_deed("visit.propose", p) for p in made], by=by)
    return made


@transaction.atomic
def make_link(proposal: Proposal, carer_id: int, *, on: date, by: Actor) -> Link:
    """A link for another carer of the family, or a fresh one in place of a lost one: the former
    link of this carer no longer opens. Raises VisitFault."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    rules.check_can_answer(proposal, "choose", on)
    family = list(proposal.children.values_list("pk", flat=True))
    if carer_id not in {c.carer_id for c in carers_of_family(family, on)}:
        raise VisitFault(_("不能给这个人发链接。"), "carer")
    proposal.links.filter(carer=carer_id).delete()
    link = _new_link(proposal, carer_id, by=by)
    record_many([_deed("visit.link", proposal)], by=by)
    return link


@transaction.atomic
def withdraw_proposal(proposal: Proposal, *, by: Actor) -> Proposal:
    """Take a proposal back; its links no longer open. Raises VisitFault."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    proposal.status = rules.check_can_withdraw_proposal(proposal)
    proposal.changed_at = now()
    proposal.save(update_fields=["status", "changed_at"])
    record_many([_deed("visit.withdraw", proposal)], by=by)
    return proposal


@transaction.atomic
def expire_proposals(*, on: date, by: Actor, children: tuple[int, ...] = ()) -> int:
    """Close what nobody answered in time (of these children; none named: of all); how many."""
    overdue = Proposal.objects.filter(status="proposed", answer_by__lt=on)
    if children:
        overdue = overdue.filter(children__in=children)
    ids = list(overdue.values_list("pk", flat=True).distinct())
    if ids:
        Proposal.objects.filter(pk__in=ids).update(status="expired", changed_at=now())
        record("visit.expire", by=by, subject=("proposal", None), detail={"proposals": ids[:200]})
    return len(ids)


def _locked_children(entry: ProposalEntry, class_place: Place, on: date) -> list[Child]:
    ids = {pk for family in entry.families for pk in family}
    here = Enrolment.objects.on(on).filter(school_class=class_place).values("child_id")
    found = list(
        Child.objects.select_for_update().filter(pk__in=ids).filter(pk__in=here).order_by("pk")
    )
    if len(found) != len(ids):
        raise VisitFault(_("选中的孩子里有的不在这个班，请返回重选。"), "children")
    return found


def _take_back_asked_other(children: dict[int, Child], class_place: Place, *, by: Actor) -> None:
    """Withdraws the proposals of the class whose families, all of them chosen, asked for others."""
    outside = Proposal.children.through.objects.exclude(child__in=children)
    asked = Proposal.objects.filter(
        class_place=class_place, status="asked_other", children__in=children
    ).exclude(pk__in=outside.filter(proposal__status="asked_other").values("proposal"))
    for proposal in asked.distinct():
        withdraw_proposal(proposal, by=by)


def _check_none_waits(children: dict[int, Child]) -> None:
    waiting = Proposal.children.through.objects.filter(
        child__in=children, proposal__status__in=LIVE_PROPOSALS
    ).values_list("child_id", flat=True)
    names = sorted(children[pk].name for pk in set(waiting))
    if names:
        raise VisitFault(
            _("%s 已有一次预约在进行，请先撤回或等回复。") % "、".join(names), "children"
        )


def _new_link(proposal: Proposal, carer_id: int, *, by: Actor) -> Link:
    salt = secrets.token_hex(16)
    return Link.objects.create(
        proposal=proposal,
        carer_id=carer_id,
        salt=salt,
        token_digest=tokens.digest_of(tokens.token_for(proposal.pk, carer_id, salt)),
        made_at=now(),
        made_by_id=by.staff_id,
    )


def _deed(verb: str, proposal: Proposal) -> Deed:
    return Deed(verb, ("proposal", proposal.pk), place_id=proposal.class_place_id)
