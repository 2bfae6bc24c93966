"""Readings that leave a trace: the audit row and what was read, in one transaction."""

from __future__ import annotations

from datetime import date
from typing import IO

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people import actions as people
from gongyu.ground.people.models import Child
from gongyu.ground.places.models import Place

from .exporting import burden_sheet, workbook_of
from .queries.audit import AuditFilter, AuditPage, audit_page
from .queries.burden import burden_page
from .queries.children import ChildFolder, child_folder
from .queries.classes import ClassPage, class_page
from .queries.days_off import DaysOffPage, days_off_page
from .queries.openings import RowsPage, all_lines, rows_page
from .queries.search import Found, found_for


@transaction.atomic
def read_child(child: Child, *, by: Actor, on: date) -> ChildFolder:
    """A child's page; no reading without its audit row."""
    people.read_child(child, on, by=by)
    return child_folder(child, by, on)


@transaction.atomic
def read_class(place: Place, *, by: Actor, on: date, order: str = "") -> ClassPage:
    """A class's page, with the names of its children in the order wanted."""
    page = class_page(place, by, on, order)
    record(
        "class.read",
        by=by,
        subject=("place", place.pk),
        place_id=place.pk,
        detail={"children": len(page.lines)},
    )
    return page


@transaction.atomic
def run_search(words: str, *, by: Actor, on: date) -> Found:
    """What the person may find. The words themselves are not kept: they may be a child's name."""
    found = found_for(by, words, on)
    record(
        "search.run",
        by=by,
        subject=("search", None),
        detail={"letters": len(words), "children": len(found.children)},
    )
    return found


@transaction.atomic
def read_audit(asked: AuditFilter, number: int, *, by: Actor, on: date) -> AuditPage:
    """One page of the audit; whoever watches is seen watching."""
    page = audit_page(by, asked, number, on)
    record("audit.read", by=by, subject=("audit", None), detail={"page": number})
    return page


@transaction.atomic
def read_rows(
    place: Place,
    duty_id: str,
    period_key: str,
    *,
    states: tuple[str, ...],
    number: int,
    by: Actor,
    on: date,
) -> RowsPage | None:
    """The rows behind a figure; where they have names the reading leaves a row. None: no figure."""
    page = rows_page(place, duty_id, period_key, by, on, states=states, number=number)
    if page is not None and page.single:
        _record_rows("figure.read", page, len(page.lines), by)
    return page


@transaction.atomic
def export_rows(
    place: Place, duty_id: str, period_key: str, *, states: tuple[str, ...], by: Actor, on: date
) -> IO[bytes] | None:
    """The rows as an .xlsx file, and who took it. None where there is no such figure."""
    page = rows_page(place, duty_id, period_key, by, on, states=states)
    if page is None:
        return None
    target, count = workbook_of(page, all_lines(page, by, on))
    _record_rows("export.make", page, count, by)
    return target


def _record_rows(verb: str, page: RowsPage, count: int, by: Actor) -> None:
    record(
        verb,
        by=by,
        subject=("place", page.place.pk),
        place_id=page.place.pk,
        detail={
            "duty": page.duty.id,
            "period": page.figure.period_key,
            "rows": count,
            "states": list(page.chosen_states),
        },
    )


@transaction.atomic
def export_days_off(place: Place, year: str, *, on: date, by: Actor) -> DaysOffPage:
    """The days off of a year as the place has them, for a sheet."""
    page = days_off_page(place, year, on)
    record(
        "export.make",
        by=by,
        subject=("place", place.pk),
        place_id=place.pk,
        detail={"what": "days-off", "rows": len(page.entered) + len(page.published)},
    )
    return page


@transaction.atomic
def export_burden(place: Place, year: str, *, on: date, by: Actor) -> bytes:
    """The burden page as a sheet; who took it, stands in the audit."""
    page = burden_page(place, year, on)
    record(
        "burden.export",
        by=by,
        subject=("place", place.pk),
        place_id=place.pk,
        detail={"year": page.year, "lines": len(page.lines)},
    )
    return burden_sheet(page, on)
