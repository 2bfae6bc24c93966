"""Seal a report, read one, note what came of it. Every trace goes to the protected log alone."""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongyu.ground.audit.actors import Actor
from gongyu.ground.audit.protected import record_protected
from gongyu.ground.places.models import Place

from . import queries, receipts, rules
from .models import Report, Step
from .queries import OpenedReport
from .shapes import Told


def seal_report(
    told: Told, *, place: Place, for_liaison: bool, key: str, at: datetime, by: Actor
) -> Report:
    """Keep that a suspicion was reported. Nobody is asked and nobody is told.

    The same `key` sent twice by the same person is the same report. The fact that it proves, kind
    `report.made` with case token and place, stands in the protected log and not in the ledger, whose
    numbers would betray it. Raises ReportFault.
    """
    rules.check_told(told, at)
    sent = rules.sent_digest(by, key)
    known = Report.objects.filter(sent_digest=sent).first()
    if known is not None:
        return known
    try:
        return _seal(told, place, for_liaison, sent, at, by=by)
    except IntegrityError:
        # The other tap was a moment faster.
        return Report.objects.get(sent_digest=sent)


@transaction.atomic
def _seal(
    told: Told, place: Place, for_liaison: bool, sent: str, at: datetime, *, by: Actor
) -> Report:
    token, salt = secrets.token_hex(16), secrets.token_hex(16)
    report = Report.objects.create(
        token=token,
        place=place,
        for_liaison=for_liaison,
        content=told.as_json(),
        reporter=_who(by),
        sent_digest=sent,
        receipt_salt=salt,
        receipt_digest=receipts.digest_of(receipts.receipt_for(token, salt)),
        recorded_at=at,
        changed_at=at,
    )
    record_protected(
        "report.made",
        token,
        by=by,
        place_id=place.pk,
        detail={"on": at.date().isoformat(), "receivers": len(told.receivers)},
    )
    return report


@transaction.atomic
def list_reports(*, on: date, by: Actor) -> list[queries.ReportLine]:
    """The liaison's list; having looked is kept for each of its reports."""
    lines = queries.reports_for(by, on)
    for line in lines:
        record_protected("report.list", line.token, by=by, place_id=None)
    return lines


@transaction.atomic
def read_report(report: Report, *, by: Actor) -> OpenedReport:
    """The liaison opens a report, the reporter's name included; no reading without its row."""
    record_protected("report.read", report.token, by=by, place_id=report.place_id)
    return queries.opened(report, with_reporter=True)


@transaction.atomic
def read_own_report(report: Report, *, by: Actor) -> OpenedReport:
    """The reporter opens it with the receipt."""
    record_protected("report.read_own", report.token, by=by, place_id=report.place_id)
    return queries.opened(report, with_reporter=False)


@transaction.atomic
def take_step(report: Report, step: str, *, words: str, at: datetime, by: Actor) -> Report:
    """Note what came of it (`answer`) or how it ended (`close`). Raises ReportFault."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    report.status = rules.check_step(report, step, words)
    report.changed_at = at
    report.save(update_fields=["status", "changed_at"])
    Step.objects.create(report=report, kind=step, words=words.strip(), by=_who(by), taken_at=at)
    record_protected(f"report.{step}", report.token, by=by, place_id=report.place_id)
    return report


def _who(by: Actor) -> str:
    return json.dumps({"staff": by.staff_id, "name": by.name}, ensure_ascii=False)
