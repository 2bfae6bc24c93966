"""Who enters which page: each rule finds the thing, or answers None and the page is a 404."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from gongyu.ground.calendar.clock import today
from gongyu.ground.people.models import Child
from gongyu.ground.places.models import Place

from .. import rules
from ..models import Decline, FollowUp, Proposal, Visit
from ..queries import work
from ..queries.declines import decline_for, decline_to_withdraw, school_decided_by
from ..queries.overview import ClassOverview, class_overview, class_place
from ..queries.records import (
    RecordSheet,
    VisitPage,
    child_to_read,
    child_to_record,
    enrolled_to_record,
    record_sheet,
    visit_for,
    visit_page,
)


@dataclass(frozen=True, slots=True)
class ToRecord:
    """A child for whom the actor may record, with what the form needs."""

    child: Child
    sheet: RecordSheet


def visiting_staff(request: HttpRequest) -> bool:
    return rules.may_visit_at_all(request.actor)


def class_at_work(request: HttpRequest, pk: int) -> ClassOverview | None:
    if not rules.may_work_with_class(request.actor, pk, today()):
        return None
    return class_overview(pk, today())


def class_planned(request: HttpRequest, pk: int) -> ClassOverview | None:
    """Only for those who plan the class's visits."""
    if not rules.sees_needs(request.actor, pk, today()):
        return None
    return class_overview(pk, today())


def class_named(request: HttpRequest, pk: int) -> Place | None:
    """The class alone, for pages that do not show its list."""
    return class_place(pk) if rules.sees_needs(request.actor, pk, today()) else None


@dataclass(frozen=True, slots=True)
class WithClass:
    """A child for whom the actor may record, and the class whose list leads on."""

    child: Child
    class_place: Place


def child_recorded(request: HttpRequest, pk: int) -> ToRecord | None:
    found = enrolled_to_record(request.actor, pk, today())
    if found is None:
        return None
    child, enrolment = found
    sheet = record_sheet(child, today(), enrolment=enrolment)
    return ToRecord(child, sheet) if sheet else None


def child_with_class(request: HttpRequest, pk: int) -> WithClass | None:
    """As `child_recorded`, where the family itself is not asked about."""
    found = enrolled_to_record(request.actor, pk, today())
    return WithClass(found[0], found[1].school_class) if found else None


def child_read(request: HttpRequest, pk: int) -> Child | None:
    return child_to_read(request.actor, pk, today())


def child_planned(request: HttpRequest, pk: int) -> Child | None:
    """A child whose family's wishes the actor keeps."""
    child = child_to_record(request.actor, pk, today())
    enrolment = rules.enrolment_for_visit(child, today()) if child else None
    if enrolment and rules.sees_needs(request.actor, enrolment.school_class_id, today()):
        return child
    return None


def visit_read(request: HttpRequest, pk: int) -> VisitPage | None:
    return visit_page(pk, today(), request.actor)


def visit_corrected(request: HttpRequest, pk: int) -> Visit | None:
    return visit_for(request.actor, pk, today())


def proposal_read(request: HttpRequest, pk: int) -> Proposal | None:
    return work.proposal_for(request.actor, pk, today())


def follow_up_changed(request: HttpRequest, pk: int) -> FollowUp | None:
    return work.follow_up_for(request.actor, pk, today())


def decline_decided(request: HttpRequest, pk: int) -> Decline | None:
    return decline_for(request.actor, pk, today())


def decline_withdrawn(request: HttpRequest, pk: int) -> Decline | None:
    return decline_to_withdraw(request.actor, pk, today())


def declines_decided(request: HttpRequest) -> object | None:
    return school_decided_by(request.actor, today())
