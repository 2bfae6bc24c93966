"""Which ledger facts terms, activities and inspections prove. Ballots prove none."""

from __future__ import annotations

from datetime import date

from gongyu.ground.ledger.shapes import NewFact

from .models import Committee, Inspection, Paper, Term

TERM_SOURCE = "parent_committees.Term"
PAPER_SOURCE = "parent_committees.Paper"
INSPECTION_SOURCE = "parent_committees.Inspection"


def in_term(
    term: Term, committee: Committee, *, until_on: date | None = None, supersedes_id=None
) -> NewFact:
    """An elected committee serves. `until_on` ends it earlier than it was to end; ended before its
    first day it never was, and counts nothing."""
    until = until_on or term.until_on
    never_was = until <= term.from_on
    return NewFact(
        kind="committee.in_term",
        subject_type="committee",
        subject_id=committee.pk,
        place_id=committee.place_id,
        on_date=term.from_on,
        until_date=term.until_on if never_was else until,
        detail=committee.level,
        quantity=0 if never_was else 1,
        source_model=TERM_SOURCE,
        source_id=term.pk,
        supersedes_id=supersedes_id,
    )


def of_activity(paper: Paper, committee: Committee) -> NewFact:
    return NewFact(
        kind="committee.active",
        subject_type="committee",
        subject_id=committee.pk,
        place_id=committee.place_id,
        on_date=paper.on,
        detail=paper.focus,
        source_model=PAPER_SOURCE,
        source_id=paper.pk,
    )


def of_inspection(inspection: Inspection, committee: Committee, *, to_mend: bool) -> NewFact:
    return NewFact(
        kind="committee.inspected",
        subject_type="committee",
        subject_id=committee.pk,
        place_id=committee.place_id,
        on_date=inspection.on,
        actor_id=inspection.by_id,
        status="to_mend" if to_mend else "in_order",
        source_model=INSPECTION_SOURCE,
        source_id=inspection.pk,
    )
