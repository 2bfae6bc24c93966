"""One matter, one collection, one settlement: filed, asked, counted, stopped, settled to zero.

No money passes here: a matter says how much was handed over outside, what it bought, and what went
back, each as one amount. Who paid is asked of nobody.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from .. import counting, forbidden, payments, rules
from ..keeping import keep_picture
from ..models import Committee, Expense, Matter, Member
from ..parameters import election_reading, matter_reading
from ..rules import CommitteeFault
from ..shapes import MatterEntry
from .papers import MEMBER
from .polls import count_poll, drop_poll, open_poll

AGREE, AGAINST = 0, 1
LONGEST_ASKING = timedelta(days=30)


@transaction.atomic
def file_matter(member: Member, entry: MatterEntry, *, on: date, by: Actor = MEMBER) -> Matter:
    """Ask the families whether they want something that costs money. Raises Forbidden for what the
    notice forbids, CommitteeFault."""
    rules.check_member_serves(member, on)
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=member.term.committee_id)
    forbidden.check_matter(entry.kind, *entry.words.split("\n"))
    payments.check_words(entry.title, "title")
    payments.check_words(entry.for_whom, "for_whom")
    payments.check_words(entry.why, "why")
    waiting = committee.matters.filter(status__in=rules.OPEN_MATTERS).first()
    if waiting is not None:
        raise CommitteeFault(_("“%s”还没有结清。一事一结：结清以后才能提下一件。") % waiting.title)
    _check_entry(entry, on)
    poll = open_poll(committee, options=2, most=1, last_on=entry.ask_until, on=on, by=by)
    matter = Matter.objects.create(
        committee=committee,
        filed_by=member,
        filed_on=on,
        kind=entry.kind,
        title=entry.title.strip(),
        for_whom=entry.for_whom.strip(),
        why=entry.why.strip(),
        voluntary=entry.voluntary,
        most_total=entry.most_total,
        poll=poll,
    )
    _record("matter.file", matter, by=by)
    return matter


def _check_entry(entry: MatterEntry, on: date) -> None:
    if not entry.voluntary:
        raise CommitteeFault(_("要花钱的事只能完全自愿。请确认以后勾选。"), "voluntary")
    if not entry.title.strip() or not entry.for_whom.strip():
        raise CommitteeFault(_("请写明做什么、为谁。"), "title")
    if entry.most_total <= 0:
        raise CommitteeFault(_("请写明总共最多多少元。"), "most_total")
    if not on <= entry.ask_until <= on + LONGEST_ASKING:
        raise CommitteeFault(_("请家长答复的最后一天，定在今天到30天之内。"), "ask_until")


@transaction.atomic
def count_matter(matter: Matter, *, on: date, by: Actor) -> Matter:
    """Count the answers after the last day. Raises CommitteeFault."""
    matter = _locked(matter)
    rules.check_matter_step(matter, "count")
    reading = matter_reading()
    counted = count_poll(
        matter.poll,
        quorum_percent=reading.quorum_percent,
        fewest=election_reading().fewest_ballots,
        on=on,
        by=by,
    )
    matter.poll.refresh_from_db()
    agreed = False
    if counted.votes is not None:
        matter.agreed, matter.against = counted.votes
        agreed = counting.is_agreed(matter.agreed, counted.ballots, reading.majority_percent)
    matter.status = rules.check_matter_step(matter, "count" if agreed else "fall short")
    if agreed:
        matter.settle_by = on + timedelta(days=reading.settle_days)
    matter.save(update_fields=["status", "agreed", "against", "settle_by"])
    _record("matter.count", matter, by=by, detail={"status": matter.status})
    return matter


@transaction.atomic
def withdraw_matter(matter: Matter, *, on: date, by: Actor = MEMBER) -> Matter:
    """The committee asks no more. Raises CommitteeFault."""
    matter = _locked(matter)
    matter.status = rules.check_matter_step(matter, "withdraw")
    matter.save(update_fields=["status"])
    drop_poll(matter.poll, on=on, by=by)
    _record("matter.withdraw", matter, by=by)
    return matter


@transaction.atomic
def stop_matter(matter: Matter, *, reason: str, on: date, by: Actor) -> Matter:
    """The school or the district's office says no. What was collected already goes back first: it
    stays open until the balance is zero. Raises CommitteeFault."""
    matter = _locked(matter)
    if not reason.strip():
        raise CommitteeFault(_("请写明为什么叫停，家长会看到。"), "reason")
    was_asking = matter.status == "asking"
    matter.status = rules.check_matter_step(matter, "stop")
    if matter.status == "stopping" and matter.collected is None and not matter.expenses.exists():
        # Nothing was collected, so nothing has to go back.
        matter.status = "stopped"
    matter.stop_reason = reason.strip()
    matter.stopped_by_id = by.staff_id
    matter.save(update_fields=["status", "stop_reason", "stopped_by"])
    if was_asking:
        drop_poll(matter.poll, on=on, by=by)
    _record("matter.stop", matter, by=by)
    return matter


@transaction.atomic
def note_collection(matter: Matter, *, collected: Decimal, on: date, by: Actor = MEMBER) -> Matter:
    """How much was handed over in all. Once; never more than the families agreed to. Raises
    CommitteeFault."""
    matter = _locked(matter)
    if matter.status != "agreed":
        raise CommitteeFault(_("家长同意以后才能办。"))
    if matter.collected is not None:
        raise CommitteeFault(_("一事一收：这件事已经记过一次收款合计，不能再收。"), "collected")
    if not 0 < collected <= matter.most_total:
        raise CommitteeFault(
            _("合计要大于0，不超过家长同意的 %s 元。") % matter.most_total, "collected"
        )
    matter.collected = collected
    matter.save(update_fields=["collected"])
    _record("matter.collect", matter, by=by)
    return matter


@transaction.atomic
def add_expense(
    matter: Matter, *, what: str, amount: Decimal, receipt: bytes, key: str, on: date,
    by: Actor = MEMBER,
) -> Expense:  # fmt: skip
    """What was bought, with a picture of its receipt. Raises CommitteeFault."""
    matter = _locked(matter)
    before = Expense.objects.filter(key=key, matter=matter).first()
    if before is not None:
        return before
    if matter.status != "agreed" or matter.collected is None:
        raise CommitteeFault(_("先记下共收多少，再记支出。"))
    payments.check_words(what, "what")
    left = matter.collected - _spent(matter)
    if not 0 < amount <= left:
        raise CommitteeFault(_("金额要大于0，不超过还剩的 %s 元。") % left, "amount")
    expense = Expense.objects.create(
        matter=matter,
        what=what.strip(),
        amount=amount,
        receipt=keep_picture(receipt, "receipt"),
        key=key,
    )
    _record("matter.spend", matter, by=by, detail={"expense": expense.pk})
    return expense


@transaction.atomic
def settle_matter(matter: Matter, *, handed_back: Decimal, on: date, by: Actor = MEMBER) -> Matter:
    """Close the account: what was collected is what was spent and what went back, to the cent.
    Raises CommitteeFault."""
    matter = _locked(matter)
    following = rules.check_matter_step(matter, "settle")
    if matter.collected is None:
        raise CommitteeFault(_("还没有记下共收多少。还没有收钱、不办了的，请点“不办了”。"))
    rest = matter.collected - _spent(matter) - handed_back
    if handed_back < 0 or rest != 0:
        raise CommitteeFault(
            _("余额不是零：共收 %(in)s 元，支出 %(out)s 元，应退还 %(rest)s 元。")
            % {"in": matter.collected, "out": _spent(matter), "rest": rest + handed_back},
            "handed_back",
        )
    matter.status, matter.handed_back, matter.settled_on = following, handed_back, on
    matter.save(update_fields=["status", "handed_back", "settled_on"])
    _record("matter.settle", matter, by=by)
    return matter


@transaction.atomic
def give_up_matter(matter: Matter, *, on: date, by: Actor = MEMBER) -> Matter:
    """Agreed, and yet not done: nothing was collected, so nothing has to be settled. Raises
    CommitteeFault."""
    matter = _locked(matter)
    if matter.status != "agreed" or matter.collected is not None:
        raise CommitteeFault(_("已经收过钱的事，要结清以后才能结束。"))
    matter.status = rules.check_matter_step(matter, "give up")
    matter.save(update_fields=["status"])
    _record("matter.give_up", matter, by=by)
    return matter


def _spent(matter: Matter) -> Decimal:
    return matter.expenses.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _locked(matter: Matter) -> Matter:
    return Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)


def _record(verb: str, matter: Matter, *, by: Actor, detail: dict | None = None) -> None:
    record(
        verb,
        by=by,
        subject=("matter", matter.pk),
        place_id=matter.committee.place_id,
        detail=detail or {},
    )
