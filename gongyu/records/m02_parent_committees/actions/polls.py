"""Secret answers: the roll is made when a poll opens, a ballot goes into the urn, the urn is emptied.

A family's mark on the roll and its ballot are written in one transaction, so that neither can be lost
alone; the audit says that a ballot came in for the committee, never from whom.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from .. import urn
from ..models import Committee, Poll, Urn, Voter, VoterChild
from ..queries.families import families_of
from ..queries.links import AtHome, open_family_link, voter_of
from ..rules import CommitteeFault, LinkClosed

# A link names nobody: whoever holds it answers for the family.
FAMILY = Actor(user_id=None, name="家长（家委会链接）")


@dataclass(frozen=True, slots=True)
class Counted:
    """What was in the urn. `votes` is None where the poll fell short: then nobody looks."""

    families: int
    ballots: int
    blank: int | None
    votes: list[int] | None


def open_poll(
    committee: Committee, *, options: int, most: int, last_on: date, on: date, by: Actor
) -> Poll:
    """Put the electorate of the day on a roll and set up an urn with a place for each family. Must
    run inside the transaction of what is asked. Raises CommitteeFault."""
    families = families_of(committee, on)
    if not families:
        raise CommitteeFault(_("今天没有在籍的学生，名册是空的。"))
    poll = Poll.objects.create(options=options, most=most, opened_on=on, last_on=last_on)
    voters = Voter.objects.bulk_create(
        Voter(poll=poll, class_place_id=family.class_id) for family in families
    )
    VoterChild.objects.bulk_create(
        VoterChild(poll=poll, voter=voter, child_id=child)
        for voter, family in zip(voters, families, strict=True)
        for child in family.children
    )
    Urn.objects.create(poll=poll, sealed=urn.empty(len(families), options))
    record(
        "poll.open",
        by=by,
        subject=("poll", poll.pk),
        place_id=committee.place_id,
        detail={"families": len(families)},
    )
    return poll


@transaction.atomic
def cast(
    key: str | AtHome,
    poll_id: int,
    chosen: set[int],
    *,
    on: date,
    by: Actor = FAMILY,
) -> None:
    """Answer for the family, once. `key` says for which: a link's token, or a carer at home, of whom
    the audit says as little. Raises LinkClosed, CommitteeFault."""
    link = open_family_link(key, on)
    # Locked first, so that nobody counts while a ballot is on its way.
    poll = Poll.objects.select_for_update().filter(pk=poll_id).first()
    found = voter_of(link, poll, on) if link and poll else None
    if found is None:
        raise LinkClosed
    if poll.counted_on is not None or on > poll.last_on or not Urn.objects.filter(poll=poll):
        raise CommitteeFault(_("答复的时间已经过了。"))
    if len(chosen) > poll.most:
        raise CommitteeFault(_("最多选 %s 个。") % poll.most, "chosen")
    if any(not 0 <= number < poll.options for number in chosen):
        raise CommitteeFault(_("请从列出的里面选。"), "chosen")
    voter = Voter.objects.select_for_update().get(pk=found.pk)
    if voter.voted:
        raise CommitteeFault(_("您家已经答复过了，每家一票，不能再改。"))
    voter.voted = True
    voter.save(update_fields=["voted"])
    box = Urn.objects.select_for_update().get(poll=poll)
    box.sealed = urn.put(box.sealed, chosen, poll.options)
    box.save(update_fields=["sealed"])
    record("ballot.cast", by=by, subject=("poll", poll.pk), place_id=_place_of(poll))


def count_poll(poll: Poll, *, quorum_percent: int, fewest: int, on: date, by: Actor) -> Counted:
    """Open the urn after the last day, count, and empty it. With fewer ballots than `fewest` or than
    the quorum asks, nobody looks at them. Must run inside a transaction. Raises CommitteeFault."""
    poll = Poll.objects.select_for_update().get(pk=poll.pk)
    box = Urn.objects.select_for_update().filter(poll=poll).first()
    if poll.counted_on is not None or box is None:
        raise CommitteeFault(_("已经计过票了。"))
    if on <= poll.last_on:
        raise CommitteeFault(_("答复还没有结束，不能计票。"))
    ballots, blank, votes = urn.count(box.sealed, poll.options)
    families = poll.voters.count()
    if ballots != poll.voters.filter(voted=True).count():
        # Somebody has written past the program; no result may come of it.
        raise CommitteeFault(_("票数和名册对不上，不能计票。请联系系统管理员。"))
    looked_at = ballots >= fewest and ballots * 100 >= families * quorum_percent
    poll.counted_on, poll.ballots = on, ballots
    poll.blank = blank if looked_at else None
    poll.save(update_fields=["counted_on", "ballots", "blank"])
    box.delete()
    record(
        "poll.count",
        by=by,
        subject=("poll", poll.pk),
        place_id=_place_of(poll),
        detail={"families": families, "ballots": ballots},
    )
    return Counted(families, ballots, poll.blank, votes if looked_at else None)


def drop_poll(poll: Poll, *, on: date, by: Actor) -> None:
    """What was asked is asked no more: the urn goes unopened. Must run inside a transaction."""
    Urn.objects.filter(poll=poll).delete()
    record("poll.drop", by=by, subject=("poll", poll.pk), place_id=_place_of(poll))


def _place_of(poll: Poll) -> int:
    """The committee's place: a family's own class would say more than it must."""
    asked = getattr(poll, "election", None) or getattr(poll, "matter", None)
    return asked.committee.place_id if asked else None
