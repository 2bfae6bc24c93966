"""Who enters which page: each rule finds the thing, or answers None and the page is a 404."""

from __future__ import annotations

from django.http import HttpRequest

from gongyu.ground.calendar.clock import today
from gongyu.ground.places.models import Place

from .. import rules
from ..models import Candidate, Committee, Election, Matter, Member, Rectification, Term
from ..queries import committees, districts, elections


def works(request: HttpRequest) -> bool:
    return rules.works_with_committees(request.actor)


def place_kept(request: HttpRequest, pk: int) -> Place | None:
    """A class or a school where the actor may call elections."""
    if not rules.may_keep_at(request.actor, pk, today()):
        return None
    return committees.place_to_found(pk, today())


def class_kept(request: HttpRequest, pk: int) -> Place | None:
    place = place_kept(request, pk)
    return place if place is not None and place.kind == Place.Kind.CLASS else None


def committee_read(request: HttpRequest, pk: int) -> Committee | None:
    return committees.committee_for(request.actor, pk, today())


def committee_kept(request: HttpRequest, pk: int) -> Committee | None:
    found = committees.committee_for(request.actor, pk, today())
    if found is None or not rules.may_keep_committee(request.actor, found, today()):
        return None
    return found


def committee_inspected(request: HttpRequest, pk: int) -> Committee | None:
    found = committees.committee_for(request.actor, pk, today())
    return found if found and rules.may_inspect(request.actor, found, today()) else None


def term_kept(request: HttpRequest, pk: int) -> Term | None:
    return committees.term_for(request.actor, pk, today())


def member_kept(request: HttpRequest, pk: int) -> Member | None:
    return committees.member_for(request.actor, pk, today())


def election_kept(request: HttpRequest, pk: int) -> Election | None:
    return elections.election_for(request.actor, pk, today())


def candidate_kept(request: HttpRequest, pk: int) -> Candidate | None:
    return elections.candidate_for(request.actor, pk, today())


def matter_read(request: HttpRequest, pk: int) -> Matter | None:
    return committees.matter_for(request.actor, pk, today())


def matter_kept(request: HttpRequest, pk: int) -> Matter | None:
    found = committees.matter_for(request.actor, pk, today())
    kept = found and rules.may_keep_committee(request.actor, found.committee, today())
    return found if kept else None


def matter_stopped(request: HttpRequest, pk: int) -> Matter | None:
    found = committees.matter_for(request.actor, pk, today())
    return found if found and rules.may_stop_matter(request.actor, found, today()) else None


def inspects(request: HttpRequest) -> Place | None:
    return districts.first_district(request.actor, today())


def district(request: HttpRequest, pk: int) -> Place | None:
    return districts.district_of(request.actor, pk, today())


def mended(request: HttpRequest, pk: int) -> Rectification | None:
    """A sheet of a school for which the actor answers."""
    found = committees.rectification_for(request.actor, pk, today())
    committee = found.inspection.committee if found else None
    answers = committee and rules.may_answer_for_school(request.actor, committee, today())
    return found if answers else None


def judged(request: HttpRequest, pk: int) -> Rectification | None:
    found = committees.rectification_for(request.actor, pk, today())
    committee = found.inspection.committee if found else None
    return found if committee and rules.may_inspect(request.actor, committee, today()) else None


def picture_read(request: HttpRequest, pk) -> bytes | None:
    return committees.picture_for(request.actor, pk, today())
