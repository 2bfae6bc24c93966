"""Sealed reports for those few who may open them, and what the page of reporting shows to all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from gongyu.ground.access.doors import LARGEST_ID
from gongyu.ground.audit.actors import Actor
from gongyu.ground.audit.protected import ProtectedDeed, deeds_of
from gongyu.ground.people.queries import class_on
from gongyu.ground.people.rules import children_visible_to
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.staff.models import Post, Role

from . import guide, receipts, rules
from .models import Report
from .shapes import Told


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One report in the liaison's list: no name, no words."""

    token: str
    recorded_at: datetime
    label: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class TakenStep:
    kind: str
    words: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report as it is read. `reporter` is empty where the reader is the reporter."""

    report: Report
    told: Told
    reporter: str
    receivers: list[str]
    situations: list[str]
    steps: list[TakenStep]
    deeds: list[ProtectedDeed]


@dataclass(frozen=True, slots=True)
class NamedChild:
    """A child that was chosen on another form: its id and how the report names it."""

    child_id: int
    words: str


def child_in_reach(actor: Actor, child_id: str, on: date) -> NamedChild | None:
    """The child of this id, if the actor may read it anyway; otherwise as if there were none."""
    if not child_id.isdecimal() or int(child_id) > LARGEST_ID:
        return None
    child = children_visible_to(actor, on).filter(pk=int(child_id)).first()
    if child is None:
        return None
    enrolment = class_on(child.pk, on)
    return NamedChild(child.pk, f"{child.name} {enrolment.school_class.name}")


def places_to_report_in(actor: Actor, on: date) -> list[Place]:
    """The schools where the actor works today; for others the district or the city they serve."""
    classes = [p.place_id for p in actor.posts if p.scope_kind == Place.Kind.CLASS]
    found = dict.fromkeys(
        SchoolClass.objects.filter(place__in=classes).values_list("school_id", flat=True)
    )
    found |= dict.fromkeys(p.scope_id for p in actor.posts if p.scope_kind != Place.Kind.CLASS)
    return list(Place.objects.on(on).filter(pk__in=found).order_by("name", "pk"))


def liaisons_of(places: list[Place], on: date) -> list[str]:
    """The names of the schools' liaisons on the day: whoever reports shall know who will read it."""
    posts = Post.objects.on(on).filter(place__in=places, role=Role.REPORT_LIAISON)
    return list(posts.order_by("staff__name").values_list("staff__name", flat=True))


def reports_for(actor: Actor, on: date) -> list[ReportLine]:
    """The liaison's reports, the open ones first, then the newest. One SQL query."""
    rows = rules.reports_visible_to(actor, on).defer("content", "reporter")
    lines = [
        ReportLine(row.token, row.recorded_at, str(row.label), row.status != "closed")
        for row in rows.order_by("-recorded_at", "-pk")
    ]
    return sorted(lines, key=lambda line: not line.is_open)


def report_for(actor: Actor | None, token: str, on: date) -> Report | None:
    """A report that the liaison may open, or None."""
    found = Report.objects.filter(token=token).select_related("place").first()
    return found if found is not None and rules.may_read_report(actor, found, on) else None


def report_by_receipt(actor: Actor, receipt: str) -> Report | None:
    """The reporter's own report, opened by the receipt that only the reporter holds; in anybody
    else's hands the receipt opens nothing."""
    found = Report.objects.filter(receipt_digest=receipts.digest_of(receipt)).first()
    return found if found is not None and rules.is_reporter(actor, found) else None


def opened(report: Report, *, with_reporter: bool) -> OpenedReport:
    """The report with what it says; who read it before only for the liaison."""
    told = Told.from_json(report.content)
    return OpenedReport(
        report=report,
        told=told,
        reporter=json.loads(report.reporter)["name"] if with_reporter else "",
        receivers=guide.titles_of(told.receivers, guide.receivers()),
        situations=guide.titles_of(told.situations, guide.situations()),
        steps=[
            TakenStep(step.kind, step.words, json.loads(step.by)["name"], step.taken_at)
            for step in report.steps.order_by("taken_at", "pk")
        ],
        deeds=deeds_of(report.token) if with_reporter else [],
    )
