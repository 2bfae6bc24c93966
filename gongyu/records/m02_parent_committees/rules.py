"""Who may read, keep and inspect a committee, and in which state what can be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import (
    COMMITTEE_INSPECT,
    COMMITTEE_KEEP,
    COMMITTEE_READ,
    holds,
    may,
    places_with,
)
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Role

from .faults import CommitteeFault, Forbidden, LinkClosed
from .models import Candidate, Committee, Election, Inspection, Matter, Member, Rectification, Term
from .parameters import ElectionReading
from .states import (
    CANDIDATE,
    ELECTION,
    MATTER,
    OPEN_MATTERS,
    RECTIFICATION,
    leads_to,
)

__all__ = ["OPEN_MATTERS", "CommitteeFault", "Forbidden", "LinkClosed"]

LONGEST_TERM = timedelta(days=3 * 366)
LONGEST_VOTE = timedelta(days=60)
# Who answers for a whole school, and so to the district.
LEADERS = (Role.HEAD, Role.MORAL_EDUCATION_HEAD)


def works_with_committees(actor: Actor | None) -> bool:
    return holds(actor, COMMITTEE_READ)


def committees_visible_to(actor: Actor | None, on: date) -> QuerySet[Committee]:
    """A class teacher sees the class's committee, a school's leaders all of the school's, a
    district's officer all of the district's."""
    return Committee.objects.filter(place__in=places_with(actor, COMMITTEE_READ, on=on))


def may_read_committee(actor: Actor | None, committee: Committee, on: date) -> bool:
    return may(actor, COMMITTEE_READ, committee.place_id, on)


def may_keep_committee(actor: Actor | None, committee: Committee, on: date) -> bool:
    return may_keep_at(actor, committee.place_id, on)


def may_keep_at(actor: Actor | None, place_id: int, on: date) -> bool:
    """May the actor call elections and hand out slips in this class, or this school?"""
    return may(actor, COMMITTEE_KEEP, place_id, on)


def places_kept(actor: Actor | None, on: date) -> list[Place]:
    """The classes and schools where the actor may call an election, by name."""
    kept = places_with(actor, COMMITTEE_KEEP, on=on)
    wanted = Place.objects.on(on).filter(
        pk__in=kept, kind__in=[Place.Kind.CLASS, Place.Kind.SCHOOL]
    )
    return list(wanted.order_by("name", "pk"))


def may_inspect(actor: Actor | None, committee: Committee, on: date) -> bool:
    return may(actor, COMMITTEE_INSPECT, committee.place_id, on)


def may_answer_for_school(actor: Actor | None, committee: Committee, on: date) -> bool:
    """The head and the head of moral education report what was mended, and stop a matter."""
    if actor is None:
        return False
    leading = replace(actor, posts=tuple(p for p in actor.posts if p.role in LEADERS))
    return may(leading, COMMITTEE_KEEP, committee.school_id, on)


def may_stop_matter(actor: Actor | None, matter: Matter, on: date) -> bool:
    committee = matter.committee
    return may_answer_for_school(actor, committee, on) or may_inspect(actor, committee, on)


def reads_names(actor: Actor | None, committee: Committee, on: date) -> bool:
    """Who the members are is for the school and its families; an office counts them."""
    return may(actor, COMMITTEE_KEEP, committee.place_id, on) or (
        actor is not None
        and actor.has_role(Role.SCHOOL_LEADER)
        and may_read_committee(actor, committee, on)
    )


def elections_visible_to(actor: Actor | None, on: date) -> QuerySet[Election]:
    """The elections that the actor may call, open and count."""
    return Election.objects.filter(committee__place__in=places_with(actor, COMMITTEE_KEEP, on=on))


def may_keep_election(actor: Actor | None, election: Election, on: date) -> bool:
    return may_keep_committee(actor, election.committee, on)


def matters_visible_to(actor: Actor | None, on: date) -> QuerySet[Matter]:
    return Matter.objects.filter(committee__place__in=places_with(actor, COMMITTEE_READ, on=on))


def may_read_matter(actor: Actor | None, matter: Matter, on: date) -> bool:
    return may_read_committee(actor, matter.committee, on)


def inspections_visible_to(actor: Actor | None, on: date) -> QuerySet[Inspection]:
    return Inspection.objects.filter(committee__place__in=places_with(actor, COMMITTEE_READ, on=on))


def may_read_inspection(actor: Actor | None, inspection: Inspection, on: date) -> bool:
    return may_read_committee(actor, inspection.committee, on)


def looks_after(actor: Actor | None) -> bool:
    return holds(actor, COMMITTEE_INSPECT)


def inspected_districts(actor: Actor | None, on: date) -> QuerySet[Place]:
    """The districts whose committees the actor looks after."""
    kept = places_with(actor, COMMITTEE_INSPECT, kind=Place.Kind.DISTRICT, on=on)
    return Place.objects.filter(pk__in=kept)


def step(table: dict, status: str, name: str, words: str) -> str:
    """The status after the step. Raises CommitteeFault with `words` where there is no such step."""
    following = leads_to(table, status, name)
    if following is None:
        raise CommitteeFault(words)
    return following


def check_election_days(
    *, on: date, nominate_until: date, vote_until: date, term_from: date, term_until: date
) -> None:
    """Nominations, then votes, then a term, none of them endless. Raises CommitteeFault."""
    if nominate_until < on:
        raise CommitteeFault(_("提名的最后一天不能早于今天。"), "nominate_until")
    if vote_until <= nominate_until:
        raise CommitteeFault(_("投票的最后一天要晚于提名的最后一天。"), "vote_until")
    if vote_until > on + LONGEST_VOTE:
        raise CommitteeFault(_("从今天到投票结束不要超过60天，请核对日期。"), "vote_until")
    if term_from <= vote_until:
        raise CommitteeFault(_("任期要从投票结束以后开始。"), "term_from")
    if term_until <= term_from:
        raise CommitteeFault(_("任期的最后一天要晚于第一天。"), "term_until")
    if term_until - term_from > LONGEST_TERM:
        raise CommitteeFault(_("任期最长三年，请核对日期。"), "term_until")


def check_seats(seats: int, reading: ElectionReading) -> None:
    if not 1 <= seats <= reading.most_seats:
        raise CommitteeFault(_("名额写 1 到 %s 之间的数。") % reading.most_seats, "seats")


def check_no_election(committee: Committee) -> None:
    if committee.elections.filter(status__in=("nominating", "voting")).exists():
        raise CommitteeFault(_("这个家委会有一次选举正在进行，请先完成或取消。"))


def check_nominating(election: Election, on: date) -> None:
    if election.status != "nominating" or on > election.nominate_until:
        raise CommitteeFault(_("提名已经结束。"))


def check_can_open(election: Election, standing: int, on: date) -> str:
    """Votes open when nominations are over, or earlier when the school says so."""
    following = step(ELECTION, election.status, "open", _("这次选举现在不能开始投票。"))
    if standing == 0:
        raise CommitteeFault(_("还没有答应参选的候选人，不能开始投票。"))
    if election.vote_until < on:
        raise CommitteeFault(_("定好的投票日期已过，请取消后重新发起。"))
    return following


def check_can_count(election: Election, on: date) -> None:
    step(ELECTION, election.status, "count", _("这次选举现在不能计票。"))
    if on <= election.vote_until:
        raise CommitteeFault(
            _("投票到 %s 结束，第二天起才能计票。") % day_words(election.vote_until)
        )


def check_can_cancel(election: Election) -> str:
    return step(ELECTION, election.status, "cancel", _("这次选举已经结束，不用取消。"))


def check_candidate_step(candidate: Candidate, name: str) -> str:
    return step(CANDIDATE, candidate.status, name, _("这位候选人的情况已经变了，请刷新再看。"))


def check_term_runs(term: Term, on: date) -> None:
    if not term.holds_on(on):
        raise CommitteeFault(_("这一任期不在进行中。"))


def check_member_serves(member: Member, on: date) -> None:
    if not member.holds_on(on) or member.left:
        raise CommitteeFault(_("这位委员已经不在任。"))


def check_matter_step(matter: Matter, name: str) -> str:
    return step(MATTER, matter.status, name, _("这件事已经有了结果。"))


def check_rectification_step(row: Rectification, name: str) -> str:
    return step(RECTIFICATION, row.status, name, _("这张整改单的情况已经变了，请刷新再看。"))
