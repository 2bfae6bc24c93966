"""Who stands: named by oneself, by another family or from paper, and nobody without saying yes."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from .. import payments, rules
from ..models import Candidate, Election
from ..queries.families import eligible_carers
from ..queries.links import AtHome, committees_of_link, open_family_link
from ..rules import CommitteeFault, LinkClosed
from .polls import FAMILY

MOST_SUGGESTED = 100


@transaction.atomic
def nominate_oneself(
    key: str | AtHome, election_id: int, *, statement: str, on: date, by: Actor = FAMILY
) -> Candidate:
    """The carer of the link stands. Raises LinkClosed, CommitteeFault."""
    election, carer_id = _election_of_link(key, election_id, on)
    candidate, _is_new = Candidate.objects.get_or_create(
        election=election, carer_id=carer_id, defaults={"status": "nominated"}
    )
    return _accept(candidate, statement, by=by)


@transaction.atomic
def nominate_another(
    key: str | AtHome, election_id: int, *, name: str, on: date, by: Actor = FAMILY
) -> Candidate:
    """Another carer is named; the school looks for whom it means, and asks. Who named is not kept.
    Raises LinkClosed, CommitteeFault."""
    election, _carer_id = _election_of_link(key, election_id, on)
    name = name.strip()
    if not name:
        raise CommitteeFault(_("请写上您提名的家长的姓名。"), "name")
    same = election.candidates.filter(said_name=name).first()
    if same is not None:
        return same
    if election.candidates.filter(status="suggested").count() >= MOST_SUGGESTED:
        raise CommitteeFault(_("提名已经很多了，请直接告诉班主任。"), "name")
    candidate = Candidate.objects.create(election=election, said_name=name)
    _record("candidate.suggest", candidate, by=by)
    return candidate


@transaction.atomic
def answer_nomination(
    key: str | AtHome,
    candidate_id: int,
    *,
    accepts: bool,
    statement: str = "",
    on: date,
    by: Actor = FAMILY,
) -> Candidate:
    """Whoever was named says yes or no, by the own link. Raises LinkClosed, CommitteeFault."""
    candidate = Candidate.objects.select_for_update().filter(pk=candidate_id).first()
    if candidate is None:
        raise LinkClosed
    _election, carer_id = _election_of_link(key, candidate.election_id, on)
    if candidate.carer_id != carer_id:
        raise LinkClosed
    if accepts:
        return _accept(candidate, statement, by=by)
    return _decline(candidate, by=by)


@transaction.atomic
def enter_nomination(
    election: Election,
    carer_id: int,
    *,
    accepted: bool,
    on: date,
    by: Actor,
    statement: str = "",
    candidate: Candidate | None = None,
) -> Candidate:
    """From paper, or whom a family meant by a name (`candidate`). `accepted`: the carer has said
    yes in person. Raises CommitteeFault."""
    election = Election.objects.select_for_update().get(pk=election.pk)
    rules.check_nominating(election, on)
    if carer_id not in eligible_carers(election.committee, on):
        raise CommitteeFault(_("这个人不能参选，请在名单里选。"), "carer")
    found = election.candidates.filter(carer=carer_id).first()
    if candidate is not None:
        found = _match(candidate, found, carer_id, by=by)
    if found is None:
        found = Candidate.objects.create(election=election, carer_id=carer_id, status="nominated")
    _record("candidate.enter", found, by=by)
    if accepted and found.status != "standing":
        return _accept(found, statement, by=by)
    return found


def _match(candidate: Candidate, same: Candidate | None, carer_id: int, *, by: Actor) -> Candidate:
    """The name that was written is this carer; one who is a candidate already is not so twice."""
    following = rules.check_candidate_step(candidate, "match")
    if same is not None:
        candidate.status = "dropped"
        candidate.save(update_fields=["status"])
        return same
    candidate.carer_id, candidate.status = carer_id, following
    candidate.save(update_fields=["carer", "status"])
    return candidate


@transaction.atomic
def drop_candidate(candidate: Candidate, *, on: date, by: Actor) -> Candidate:
    """A name that nobody has, or somebody who never answered. Raises CommitteeFault."""
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    rules.check_nominating(candidate.election, on)
    candidate.status = rules.check_candidate_step(candidate, "drop")
    candidate.save(update_fields=["status"])
    _record("candidate.drop", candidate, by=by)
    return candidate


@transaction.atomic
def answer_for_candidate(candidate: Candidate, *, accepts: bool, on: date, by: Actor) -> Candidate:
    """What the carer said in person or by telephone. Raises CommitteeFault."""
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate.pk)
    rules.check_nominating(candidate.election, on)
    return _accept(candidate, "", by=by) if accepts else _decline(candidate, by=by)


def _accept(candidate: Candidate, statement: str, *, by: Actor) -> Candidate:
    if candidate.status != "standing":
        candidate.status = rules.check_candidate_step(candidate, "accept")
    statement = statement.strip()
    if statement:
        payments.check_words(statement, "statement")
        candidate.statement = statement
    candidate.save(update_fields=["status", "statement"])
    _record("candidate.accept", candidate, by=by)
    return candidate


def _decline(candidate: Candidate, *, by: Actor) -> Candidate:
    name = "withdraw" if candidate.status == "standing" else "decline"
    candidate.status = rules.check_candidate_step(candidate, name)
    candidate.save(update_fields=["status"])
    _record("candidate.decline", candidate, by=by)
    return candidate


def _election_of_link(key: str | AtHome, election_id: int, on: date) -> tuple[Election, int]:
    """The election that the family of the link may nominate in, and the link's carer."""
    link = open_family_link(key, on)
    election = Election.objects.select_for_update().filter(pk=election_id).first()
    if link is None or election is None:
        raise LinkClosed
    if election.committee_id not in {c.pk for c in committees_of_link(link, on)}:
        raise LinkClosed
    rules.check_nominating(election, on)
    if link.carer_id not in eligible_carers(election.committee, on):
        raise LinkClosed
    return election, link.carer_id


def _record(verb: str, candidate: Candidate, *, by: Actor) -> None:
    record(
        verb,
        by=by,
        subject=("candidate", candidate.pk),
        place_id=candidate.election.committee.place_id,
    )
