"""Elections: called, candidates named, the vote opened, counted, or called off."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place, SchoolClass

from .. import counting, rules
from ..models import Candidate, Committee, Election, Level, Term
from ..parameters import election_reading
from ..queries.families import eligible_carers
from ..rules import CommitteeFault
from ..shapes import Called
from .polls import count_poll, drop_poll, open_poll
from .seating import begin_term, seat


@transaction.atomic
def found_committee(
    level: str, place: Place, *, on: date, by: Actor, grade_of: SchoolClass | None = None
) -> Committee:
    """The committee of a class or a school, or of the grade of `grade_of`; found again if it is
    there. Raises CommitteeFault for a level that does not fit the place."""
    if (
        level not in Level.values
        or (place.kind == Place.Kind.CLASS) != (level == Level.CLASS)
        or ((grade_of is None) == (level == Level.GRADE))
    ):
        raise CommitteeFault(_("这里不能设这一级的家委会。"), "level")
    # Two who found one at the same moment wait for each other here.
    Place.objects.select_for_update(of=("self",)).get(pk=place.pk)
    one = place.school_class if level == Level.CLASS else None
    of_grade = (
        {"school_year": grade_of.school_year, "stage": grade_of.stage, "grade": grade_of.grade}
        if grade_of
        else {}
    )
    committee, is_new = Committee.objects.get_or_create(
        level=level,
        place=place,
        **of_grade,
        defaults={"school_id": one.school_id if one else place.pk, "founded_on": on},
    )
    if is_new:
        record("committee.found", by=by, subject=("committee", committee.pk), place_id=place.pk)
    return committee


@transaction.atomic
def call_election(committee: Committee, called: Called, *, on: date, by: Actor) -> Election:
    """Call an election for a whole committee. Raises CommitteeFault."""
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    reading = election_reading()
    rules.check_no_election(committee)
    rules.check_seats(called.seats, reading)
    rules.check_election_days(
        on=on,
        nominate_until=called.nominate_until,
        vote_until=called.vote_until,
        term_from=called.term_from,
        term_until=called.term_until,
    )
    if committee.terms.filter(from_on__gte=called.term_from).exists():
        raise CommitteeFault(_("已有一个任期在这一天或以后开始，请核对任期。"), "term_from")
    return _call(committee, Election.Kind.TERM, called, by=by)


@transaction.atomic
def call_by_election(
    term: Term, *, seats: int, nominate_until: date, vote_until: date, on: date, by: Actor
) -> Election:
    """Fill empty seats for the rest of a term that runs. Raises CommitteeFault."""
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=term.committee_id)
    rules.check_no_election(committee)
    rules.check_term_runs(term, on)
    empty = term.seats - term.members.filter(left="").count()
    if not 1 <= seats <= empty:
        raise CommitteeFault(_("现在空缺 %s 个名额。") % empty, "seats")
    called = Called(
        seats, nominate_until, vote_until, vote_until + timedelta(days=1), term.until_on
    )
    rules.check_election_days(
        on=on,
        nominate_until=nominate_until,
        vote_until=vote_until,
        term_from=called.term_from,
        term_until=called.term_until,
    )
    return _call(committee, Election.Kind.BY_ELECTION, called, term=term, by=by)


def _call(
    committee: Committee, kind: str, called: Called, *, by: Actor, term: Term | None = None
) -> Election:
    election = Election.objects.create(
        committee=committee,
        kind=kind,
        seats=called.seats,
        nominate_until=called.nominate_until,
        vote_until=called.vote_until,
        term_from=called.term_from,
        term_until=called.term_until,
        term=term,
        quorum_percent=election_reading().quorum_percent,
    )
    _record("election.call", election, by=by)
    return election


@transaction.atomic
def open_vote(election: Election, *, on: date, by: Actor) -> Election:
    """Draw the order of the ballot by lot and let the families vote. Raises CommitteeFault."""
    election = Election.objects.select_for_update().get(pk=election.pk)
    standing = _standing(election, on)
    election.status = rules.check_can_open(election, len(standing), on)
    secrets.SystemRandom().shuffle(standing)
    for number, candidate in enumerate(standing):
        candidate.number = number
    Candidate.objects.bulk_update(standing, ["number"])
    election.candidates.filter(status__in=["suggested", "nominated"]).update(status="dropped")
    election.poll = open_poll(
        election.committee,
        options=len(standing),
        most=min(election.seats, len(standing)),
        last_on=election.vote_until,
        on=on,
        by=by,
    )
    election.save(update_fields=["status", "poll"])
    _record("election.open", election, by=by, detail={"candidates": len(standing)})
    return election


def _standing(election: Election, on: date) -> list[Candidate]:
    """The candidates who may still take a seat: whoever was barred or has left meanwhile does not."""
    eligible = eligible_carers(election.committee, on)
    found = list(election.candidates.filter(status="standing").order_by("pk"))
    gone = [candidate for candidate in found if candidate.carer_id not in eligible]
    Candidate.objects.filter(pk__in=[c.pk for c in gone]).update(status="dropped")
    return [candidate for candidate in found if candidate.carer_id in eligible]


@transaction.atomic
def cancel_election(election: Election, *, reason: str, on: date, by: Actor) -> Election:
    """Call it off; ballots go unopened. Raises CommitteeFault."""
    election = Election.objects.select_for_update().get(pk=election.pk)
    election.status = rules.check_can_cancel(election)
    if not reason.strip():
        raise CommitteeFault(_("请写明为什么取消，家长会看到。"), "reason")
    election.reason = reason.strip()
    election.save(update_fields=["status", "reason"])
    if election.poll is not None:
        drop_poll(election.poll, on=on, by=by)
    _record("election.cancel", election, by=by)
    return election


@transaction.atomic
def count_election(election: Election, *, on: date, by: Actor) -> Election:
    """Count after the last day and seat the winners. Raises CommitteeFault."""
    election = Election.objects.select_for_update().get(pk=election.pk)
    rules.check_can_count(election, on)
    reading = election_reading()
    counted = count_poll(
        election.poll,
        quorum_percent=election.quorum_percent,
        fewest=reading.fewest_ballots,
        on=on,
        by=by,
    )
    election.poll.refresh_from_db()
    if counted.votes is None:
        return _fail(election, _why_short(counted, election, reading.fewest_ballots), by=by)
    candidates = list(election.candidates.filter(number__isnull=False).order_by("number"))
    votes = dict(enumerate(counted.votes))
    found = counting.outcomes(votes, election.seats, reading.ties)
    for candidate in candidates:
        candidate.votes = votes[candidate.number]
        candidate.outcome = found[candidate.number]
    Candidate.objects.bulk_update(candidates, ["votes", "outcome"])
    if not any(counted.votes):
        return _fail(election, _("没有人得票。"), by=by)
    election.status = "decided"
    winners = [c.carer_id for c in candidates if c.outcome == counting.ELECTED]
    if winners:
        election.term = seat(election, winners, on=on, by=by)
    election.save(update_fields=["status", "term"])
    _record("election.count", election, by=by, detail={"elected": len(winners)})
    return election


def _why_short(counted, election: Election, fewest: int) -> str:
    if counted.ballots < fewest:
        return _("收到的选票不足 %s 张，为了不让人看出谁投了谁，没有开票。") % fewest
    return _("投票的家庭不到名册的 %s%%。") % election.quorum_percent


def _fail(election: Election, why: str, *, by: Actor) -> Election:
    election.status, election.reason = "failed", why
    election.save(update_fields=["status", "reason"])
    _record("election.fail", election, by=by)
    return election


@transaction.atomic
def open_run_off(election: Election, *, vote_until: date, on: date, by: Actor) -> Election:
    """Vote once more on those who had as many votes, for the seats left over. Raises
    CommitteeFault."""
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=election.committee_id)
    rules.check_no_election(committee)
    tied = list(election.candidates.filter(outcome=Candidate.Outcome.TIED))
    later = committee.elections.filter(kind=Election.Kind.RUN_OFF, pk__gt=election.pk)
    if not tied or later.exclude(status="cancelled").exists():
        raise CommitteeFault(_("没有得票相同、需要再次投票的候选人。"))
    if not on <= vote_until <= on + rules.LONGEST_VOTE:
        raise CommitteeFault(_("投票的最后一天请定在今天到60天之内。"), "vote_until")
    seated = election.candidates.filter(outcome=Candidate.Outcome.ELECTED).count()
    called = Called(
        election.seats - seated,
        on,
        vote_until,
        max(election.term_from, vote_until + timedelta(days=1)),
        election.term_until,
    )
    if called.term_until <= called.term_from:
        raise CommitteeFault(_("再次投票要在任期结束以前完成。"), "vote_until")
    fresh = _call(committee, Election.Kind.RUN_OFF, called, term=election.term, by=by)
    Candidate.objects.bulk_create(
        Candidate(election=fresh, carer_id=c.carer_id, status="standing", statement=c.statement)
        for c in tied
    )
    return open_vote(fresh, on=on, by=by)


@transaction.atomic
def seat_by_meeting(
    committee: Committee, called: Called, carer_ids: list[int], *, on: date, by: Actor
) -> Term:
    """Enter who was chosen at a meeting of the families, where no ballot on paper or by link was
    held: a class of four, or a committee older than this system. Raises CommitteeFault."""
    committee = Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    rules.check_no_election(committee)
    rules.check_seats(called.seats, election_reading())
    if called.term_until <= called.term_from or called.term_from > on + rules.LONGEST_VOTE:
        raise CommitteeFault(_("请核对任期的日期。"), "term_until")
    if called.term_until - called.term_from > rules.LONGEST_TERM:
        raise CommitteeFault(_("任期最长三年，请核对日期。"), "term_until")
    if committee.terms.filter(Q(from_on__gte=called.term_from)).exists():
        raise CommitteeFault(_("已有一个任期在这一天或以后开始，请核对任期。"), "term_from")
    chosen = list(dict.fromkeys(carer_ids))
    if not 1 <= len(chosen) <= called.seats:
        raise CommitteeFault(_("请选出 1 到 %s 位。") % called.seats, "carers")
    if not set(chosen) <= set(eligible_carers(committee, on)):
        raise CommitteeFault(_("选中的人里有的不能当委员，请刷新再选。"), "carers")
    election = _call(committee, Election.Kind.MEETING, called, by=by)
    election.status = "decided"
    election.term = begin_term(election, called.term_from, chosen, by=by)
    election.save(update_fields=["status", "term"])
    return election.term


def _record(verb: str, election: Election, *, by: Actor, detail: dict | None = None) -> None:
    record(
        verb,
        by=by,
        subject=("election", election.pk),
        place_id=election.committee.place_id,
        detail=detail or {},
    )
