"""Plans, minutes, activities and words to the families, put up by a member or by the school."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.calendar.words import day_words
from gongyu.ground.ledger.actions import append

from .. import facts, payments, rules
from ..codes import FOCUSES, PAPER_KINDS
from ..keeping import keep_picture
from ..models import Committee, Member, Paper
from ..rules import CommitteeFault
from ..shapes import PaperEntry

MEMBER = Actor(user_id=None, name="家委会委员（委员链接）")


@transaction.atomic
def put_up_paper(
    committee: Committee,
    entry: PaperEntry,
    *,
    on: date,
    by: Actor,
    member: Member | None = None,
) -> Paper:
    """Put something up where all families of the committee read it. `by` is the member of staff, or
    MEMBER for the one who came by the link. Raises CommitteeFault."""
    if member is not None:
        rules.check_member_serves(member, on)
    _check(entry, on)
    before = Paper.objects.filter(key=entry.key).first()
    if before is not None:
        return before
    picture = keep_picture(entry.picture) if entry.picture else None
    paper = Paper.objects.create(
        committee=committee,
        kind=entry.kind,
        focus=entry.focus,
        on=entry.on,
        title=entry.title.strip(),
        text=entry.text.strip(),
        picture=picture,
        member=member,
        staff_id=None if member else by.staff_id,
        put_up_at=now(),
        key=entry.key,
    )
    if paper.kind == "activity":
        append(facts.of_activity(paper, committee), by=by)
    record(
        "paper.put_up",
        by=by,
        subject=("paper", paper.pk),
        place_id=committee.place_id,
        detail={"kind": paper.kind, "focus": paper.focus},
    )
    return paper


def _check(entry: PaperEntry, on: date) -> None:
    if entry.kind not in PAPER_KINDS:
        raise CommitteeFault(_("请选一类。"), "kind")
    if (entry.kind == "activity") != (entry.focus in FOCUSES):
        raise CommitteeFault(_("开展的活动请选一个主题；别的不用选。"), "focus")
    if not entry.title.strip():
        raise CommitteeFault(_("请写标题。"), "title")
    if entry.kind in {"activity", "minutes"} and entry.on > on:
        raise CommitteeFault(
            _("活动和会议请在办完以后写，日期不晚于今天（%s）。") % day_words(on), "on"
        )
    payments.check_words(entry.title, "title")
    payments.check_words(entry.text, "text")
