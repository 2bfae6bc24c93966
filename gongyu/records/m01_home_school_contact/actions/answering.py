"""The family's answer to a proposal: by the one-time link, or by the teacher's entry."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now

from .. import rules
from ..models import Link, Proposal, Setting, Visit
from ..queries.links import open_link
from ..rules import VisitFault
from ..shapes import Answer, VisitEntry
from .recording import write_visit

# A link names nobody: whoever holds it answers for the family.
FAMILY = Actor(user_id=None, name="家长（一次性链接）")


class LinkClosed(Exception):
    """The link is wrong, used, too old, or no longer for this person; nobody is told which."""


@transaction.atomic
def answer_by_link(token: str, answer: Answer, *, on: date, by: Actor = FAMILY) -> Proposal:
    """Answer once. Raises LinkClosed, VisitFault."""
    link = open_link(token, on)
    if link is None:
        raise LinkClosed
    # The proposal before its link, as where a link is made anew: in another order the two would
    # wait for each other, and one of them would be thrown out.
    Proposal.objects.select_for_update().get(pk=link.proposal_id)
    # Two taps at once: the second finds the link used.
    link = Link.objects.select_for_update().filter(pk=link.pk, used_at__isnull=True).first()
    if link is None:
        raise LinkClosed
    link.used_at = now()
    link.save(update_fields=["used_at"])
    return _answer(link.proposal, answer, Proposal.AnsweredBy.FAMILY, on=on, by=by)


@transaction.atomic
def answer_at_home(proposal: Proposal, answer: Answer, *, on: date, by: Actor) -> Proposal:
    """A carer answers on the family's own pages. Raises VisitFault."""
    return _answer(proposal, answer, Proposal.AnsweredBy.FAMILY, on=on, by=by)


@transaction.atomic
def answer_for_family(proposal: Proposal, answer: Answer, *, on: date, by: Actor) -> Proposal:
    """The teacher writes down what the family said by telephone or at the gate. Raises VisitFault."""
    return _answer(proposal, answer, Proposal.AnsweredBy.TEACHER, on=on, by=by)


def _answer(
    proposal: Proposal, answer: Answer, answered_by: str, *, on: date, by: Actor
) -> Proposal:
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    proposal.status = rules.check_can_answer(proposal, answer.step, on)
    proposal.chosen_time = None
    proposal.chosen_setting = ""
    if answer.step == "choose":
        _choose(proposal, answer)
    if answer.step == "ask_other" and not answer.words.strip():
        raise VisitFault(_("请写一写什么时间、在哪里方便。"), "words")
    proposal.answer_words = answer.words.strip()
    proposal.answered_at = now()
    proposal.answered_by = answered_by
    proposal.changed_at = now()
    proposal.save()
    record(
        "visit.answer",
        by=by,
        subject=("proposal", proposal.pk),
        place_id=proposal.class_place_id,
        detail={"step": answer.step, "answered_by": answered_by},
    )
    if answer.step == "decline":
        _count_as_attempt(proposal, on=on, by=by)
    return proposal


def _choose(proposal: Proposal, answer: Answer) -> None:
    proposal.chosen_time = proposal.times.filter(pk=answer.time_id).first()
    if proposal.chosen_time is None:
        raise VisitFault(_("请选一个时间。"), "choice")
    if answer.setting not in Setting.values:
        raise VisitFault(_("请选择在家里还是在别处见面。"), "setting")
    proposal.chosen_setting = answer.setting


def _count_as_attempt(proposal: Proposal, *, on: date, by: Actor) -> None:
    """A family that declines was asked once: nobody has to enter it a second time."""
    entry = VisitEntry(
        visited_on=on,
        notes={pk: "" for pk in proposal.children.values_list("pk", flat=True)},
        outcome=Visit.Outcome.REFUSED,
    )
    # Where the proposer has left the post meanwhile, the next one asks anew.
    try:
        with transaction.atomic():
            visit = write_visit(
                entry,
                visitor_id=proposal.proposer_id,
                on=on,
                key=f"proposal-{proposal.pk}",
                by=by,
            )
    except VisitFault:
        return
    Visit.objects.filter(pk=visit.pk).update(proposal=proposal)
