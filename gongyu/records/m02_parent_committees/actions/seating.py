"""Terms and seats: begun by an election, ended early, given up, given an office, given a link."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append, standing_fact_of

from .. import facts, rules, tokens
from ..models import Committee, Election, FamilyLink, Member, MemberLink, Term
from ..queries.families import who_may_answer
from ..queries.links import families_of_class
from ..rules import CommitteeFault


def seat(election: Election, carer_ids: list[int], *, on: date, by: Actor) -> Term:
    """Seat the winners: in the term that runs, or in a new one. Must run inside a transaction."""
    if election.term is None:
        return begin_term(election, max(election.term_from, on), carer_ids, by=by)
    term = election.term
    _take_seats(term, carer_ids, max(on, term.from_on))
    _record("term.fill", term, by=by, detail={"members": len(carer_ids)})
    return term


def begin_term(election: Election, from_on: date, carer_ids: list[int], *, by: Actor) -> Term:
    """A new term; one that still runs on its first day ends with it. Must run inside a transaction."""
    committee: Committee = election.committee
    if from_on >= election.term_until:
        raise CommitteeFault(_("任期已经过去，不能再开始。请取消这次选举。"))
    for running in committee.terms.on(from_on):
        _end(running, from_on, Term.EndedBy.NEXT, "", by=by)
    # A run-off and a late count may make a shorter term, never a longer one.
    term = Term.objects.create(
        committee=committee, from_on=from_on, until_on=election.term_until, seats=election.seats
    )
    if election.kind == Election.Kind.RUN_OFF:
        term.seats = max(len(carer_ids), election.seats)
    _take_seats(term, carer_ids, from_on)
    append(facts.in_term(term, committee), by=by)
    _record("term.begin", term, by=by, detail={"members": len(carer_ids)})
    return term


def _take_seats(term: Term, carer_ids: list[int], from_on: date) -> None:
    Member.objects.bulk_create(
        Member(term=term, carer_id=carer_id, from_on=from_on) for carer_id in carer_ids
    )


@transaction.atomic
def end_term(term: Term, *, until_on: date, reason: str, on: date, by: Actor) -> Term:
    """End a term early. Raises CommitteeFault."""
    term = Term.objects.select_for_update().get(pk=term.pk)
    rules.check_term_runs(term, on)
    if not reason.strip():
        raise CommitteeFault(_("请写明为什么提前结束，家长会看到。"), "reason")
    if not (term.from_on < until_on < term.until_on) or until_on < on:
        raise CommitteeFault(_("结束的日期要在今天以后、原定日期以前。"), "until_on")
    if term.committee.matters.filter(status__in=("agreed", "stopping")).exists():
        raise CommitteeFault(_("还有一件事没有结清，结清后才能结束任期。"))
    _end(term, until_on, Term.EndedBy.SCHOOL, reason.strip(), by=by)
    return term


def _end(term: Term, until_on: date, ended_by: str, reason: str, *, by: Actor) -> None:
    old = standing_fact_of(facts.TERM_SOURCE, term.pk, "committee.in_term")
    term.ended_by, term.end_reason = ended_by, reason
    if until_on > term.from_on:
        term.until_on = until_on
    term.save(update_fields=["ended_by", "end_reason", "until_on"])
    append(
        facts.in_term(
            term, term.committee, until_on=until_on, supersedes_id=old.seq if old else None
        ),
        by=by,
    )
    _record("term.end", term, by=by, detail={"ended_by": ended_by})


@transaction.atomic
def leave_seat(member: Member, *, left: str, on: date, by: Actor) -> Member:
    """A member steps down, or the child has left; the link opens no more. Raises CommitteeFault."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    rules.check_member_serves(member, on)
    if left not in {Member.Left.STEPPED_DOWN, Member.Left.CHILD_LEFT}:
        raise CommitteeFault(_("请选一个原因。"), "left")
    # The last day is today; on the very first day a seat cannot end before it began.
    member.until_on = max(on, member.from_on) + timedelta(days=1)
    member.left = left
    member.save(update_fields=["until_on", "left"])
    MemberLink.objects.filter(member=member).delete()
    _record("seat.leave", member.term, by=by, detail={"member": member.pk, "left": left})
    return member


@transaction.atomic
def set_office(member: Member, office: str, *, on: date, by: Actor) -> Member:
    """The members choose among themselves; the school writes it down. A new chair takes the place of
    the former one, who stays a member. Raises CommitteeFault."""
    term = Term.objects.select_for_update().get(pk=member.term_id)
    member = Member.objects.select_for_update().get(pk=member.pk)
    rules.check_member_serves(member, on)
    if office not in Member.Office.values:
        raise CommitteeFault(_("请选一个职务。"), "office")
    if office == Member.Office.CHAIR:
        term.members.filter(office=office, left="").exclude(pk=member.pk).update(
            office=Member.Office.MEMBER
        )
    member.office = office
    member.save(update_fields=["office"])
    _record("seat.office", term, by=by, detail={"member": member.pk, "office": office})
    return member


@transaction.atomic
def make_member_link(member: Member, *, on: date, by: Actor) -> str:
    """The token of a new link for a member, to be shown this once; a former one opens no more.
    Raises CommitteeFault."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    rules.check_member_serves(member, on)
    MemberLink.objects.filter(member=member).delete()
    # The salt is forgotten at once: from the database and the key file nobody makes the token again.
    token = tokens.member_token(member.pk, tokens.new_salt())
    MemberLink.objects.create(member=member, token_digest=tokens.member_digest(token), made_on=on)
    _record("seat.link", member.term, by=by, detail={"member": member.pk})
    return token


@transaction.atomic
def make_family_links(class_id: int, *, on: date, by: Actor) -> int:
    """A link for the first carer of every family of a class that has none; how many were made."""
    families = families_of_class(class_id, on)
    carers = who_may_answer({first: group for first, group, _names in families}, on)
    there = set(FamilyLink.objects.filter(class_place=class_id).values_list("child_id", "carer_id"))
    fresh = []
    for first, _group, _names in families:
        for carer in carers[first][:1]:
            if (first, carer.carer_id) not in there:
                fresh.append(_family_link(class_id, first, carer.carer_id, on, by))
    FamilyLink.objects.bulk_create(fresh)
    record("committee.slips", by=by, subject=("class", class_id), place_id=class_id)
    return len(fresh)


@transaction.atomic
def renew_family_link(
    class_id: int, child_id: int, carer_id: int, *, on: date, by: Actor
) -> FamilyLink:
    """A fresh link in place of a lost one, or one for another carer of the family. Raises
    CommitteeFault."""
    families = {first: group for first, group, _names in families_of_class(class_id, on)}
    may = who_may_answer({child_id: families.get(child_id, [])}, on)[child_id]
    if child_id not in families or carer_id not in {c.carer_id for c in may}:
        raise CommitteeFault(_("不能给这个人发链接。"), "carer")
    FamilyLink.objects.filter(class_place=class_id, child=child_id, carer=carer_id).delete()
    link = _family_link(class_id, child_id, carer_id, on, by)
    link.save()
    record("committee.link", by=by, subject=("class", class_id), place_id=class_id)
    return link


def _family_link(class_id: int, child_id: int, carer_id: int, on: date, by: Actor) -> FamilyLink:
    salt = tokens.new_salt()
    token = tokens.family_token(class_id, child_id, carer_id, salt)
    return FamilyLink(
        class_place_id=class_id,
        child_id=child_id,
        carer_id=carer_id,
        salt=salt,
        token_digest=tokens.family_digest(token),
        made_on=on,
        made_by_id=by.staff_id,
    )


def _record(verb: str, term: Term, *, by: Actor, detail: dict) -> None:
    record(
        verb,
        by=by,
        subject=("term", term.pk),
        place_id=term.committee.place_id,
        detail=detail,
    )
