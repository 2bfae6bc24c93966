"""An election as the school sees it: who was named, who stands, how many families answered so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongyu.ground.audit.actors import Actor
from gongyu.shared_work.family_links.carers import CarerChoice

from .. import rules
from ..models import Candidate, Election, Voter
from ..parameters import ElectionReading, election_reading
from .committees import title_of
from .families import MOST_SHOWN, eligible_carers, shortlist


@dataclass(frozen=True, slots=True)
class ElectionPage:
    """`answered` of `families` have voted: a number, never a list of names."""

    election: Election
    title: str
    candidates: list[Candidate]
    eligible: dict[int, CarerChoice]
    families: int
    answered: int
    can_open: bool
    can_count: bool
    needs_run_off: bool
    reading: ElectionReading

    @property
    def suggested(self) -> list[tuple[Candidate, dict[int, CarerChoice]]]:
        """Names that families said, each with the carers that it may mean."""
        return [
            (c, shortlist(self.eligible, c.said_name))
            for c in self.candidates
            if c.status == "suggested"
        ]

    @property
    def is_long(self) -> bool:
        """Whether somebody is looked for by name rather than found in a list."""
        return len(self.eligible) > MOST_SHOWN

    @property
    def nominated(self) -> list[Candidate]:
        return [c for c in self.candidates if c.status == "nominated"]

    @property
    def standing(self) -> list[Candidate]:
        return [c for c in self.candidates if c.status == "standing"]

    @property
    def others(self) -> list[Candidate]:
        return [c for c in self.candidates if c.status in {"declined", "dropped"}]


def election_for(actor: Actor | None, pk: int, on: date) -> Election | None:
    rows = rules.elections_visible_to(actor, on).filter(pk=pk)
    return rows.select_related("committee__place", "committee__school", "poll", "term").first()


def candidate_for(actor: Actor | None, pk: int, on: date) -> Candidate | None:
    row = (
        Candidate.objects.filter(pk=pk)
        .select_related("election__committee__place", "carer")
        .first()
    )
    if row is None or not rules.may_keep_election(actor, row.election, on):
        return None
    return row


def election_page(election: Election, on: date) -> ElectionPage:
    candidates = list(election.candidates.select_related("carer"))
    candidates.sort(key=_by_result)
    nominating = election.status == "nominating"
    families = answered = 0
    if election.poll is not None:
        marks = list(
            Voter.objects.filter(poll=election.poll).order_by().values_list("voted", flat=True)
        )
        families, answered = len(marks), sum(marks)
    return ElectionPage(
        election=election,
        title=title_of(election.committee),
        candidates=candidates,
        eligible=eligible_carers(election.committee, on) if nominating else {},
        families=families,
        answered=answered,
        can_open=nominating and any(c.status == "standing" for c in candidates),
        can_count=election.status == "voting" and on > election.vote_until,
        needs_run_off=_needs_run_off(election, candidates),
        reading=election_reading(),
    )


def _by_result(candidate: Candidate) -> tuple:
    votes = -1 if candidate.votes is None else candidate.votes
    number = 999 if candidate.number is None else candidate.number
    return -votes, number, candidate.pk


def _needs_run_off(election: Election, candidates: list[Candidate]) -> bool:
    if election.status != "decided" or not any(c.outcome == "tied" for c in candidates):
        return False
    again = election.committee.elections.filter(kind="run_off", pk__gt=election.pk)
    return not again.exclude(status="cancelled").exists()
