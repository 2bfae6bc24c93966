"""`make crash` in small, and each of its checks finds what it is there to find."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection

from gongyu.ground.audit.models import Entry
from gongyu.ground.people.models import Enrolment, RosterImport
from gongyu.ground.people.tests.rosters import bring_in, pupil, sheet
from gongyu.ground.seal.tests.flushing import triggers_lifted
from gongyu.records.m01_home_school_contact.actions import propose_times, record_visit
from gongyu.records.m01_home_school_contact.models import Proposal, Visit, VisitChild
from gongyu.records.m01_home_school_contact.shapes import ProposalEntry, VisitEntry
from gongyu.shared_work.registers.actions import enter
from gongyu.shared_work.registers.models import Entry as RegisterEntry
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM

from .conftest import TOOLS

TRIALS = os.environ.get("GONGYU_CRASHES") or "6"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are read from /proc")
def test_server_and_worker_are_killed_and_nothing_is_lost():
    env = {k: v for k, v in os.environ.items() if k not in {"GONGYU_DATA", "TRIALS", "SEED"}}
    done = subprocess.run(
        [sys.executable, str(TOOLS / "crash.py"), "--trials", TRIALS, "--minutes", "8"],
        env=env, cwd=TOOLS.parent, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "broken seals: none" in done.stdout


@pytest.fixture
def checks():
    import crash_checks

    return crash_checks


@pytest.fixture
def numbers_from_one(db):
    """SQLite goes on counting where a test that committed has left off, whoever emptied its rows."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence")


@pytest.fixture
def world(numbers_from_one, cast, at_the_cast_day):
    """A visit, a proposal, a register entry and an import, all of them whole."""
    by = cast.class_teacher.actor
    entry = VisitEntry(CAST_DAY, {cast.pupil.pk: ""}, setting="home", met_other="外婆")
    record_visit(entry, on=CAST_DAY, key="a", by=by)
    times = (CAST_MOMENT + timedelta(days=5),)
    asked = ProposalEntry(
        families=((cast.classmate.pk,),), times=times, answer_by=CAST_DAY + timedelta(days=3),
        message="您好", elsewhere="",
    )  # fmt: skip
    propose_times(asked, cast.this_class, on=CAST_DAY, by=by)
    told = {"title": "家访制度", "from_on": YEAR_FROM, "responsible": cast.head.staff}
    enter(cast.school, "visiting_rules", **told, by=cast.head.actor)
    bring_in(cast.school, sheet(pupil("钱小多"), pupil("孙好")), on=CAST_DAY)
    return cast


def _form(kind: str, where: str = "", **about):
    from crash_writers import Form

    return Form(kind, "", "/", [], {"where": where, **about})


def _acknowledged(*forms):
    from crash_writers import Notebook

    return Notebook(acknowledged=list(forms))


def test_a_whole_world_has_no_fault(world, checks):
    assert checks.half_records(0) == []
    assert checks.imports_are_whole() == []
    assert checks.stuck_imports() == []
    forms = [
        _form("visit", staff=world.class_teacher.staff.pk, key="a"),
        _form("register", title="家访制度"),
        _form("proposal", f"/visits/proposals/{Proposal.objects.get().pk}/"),
        _form("upload", f"/roster/{RosterImport.objects.get().pk}/"),
        _form("import", pk=RosterImport.objects.get().pk),
    ]
    assert checks.acknowledged_are_there(_acknowledged(*forms)) == []


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("visit", {"staff": 1, "key": "never sent"}),
        ("correction", {"staff": 1, "key": "never sent"}),
        ("register", {"title": "never entered"}),
        ("proposal", {"where": "/visits/proposals/999999/"}),
        ("answer", {"pk": 999999}),
        ("upload", {"where": "/roster/999999/"}),
        ("confirmation", {"pk": 999999}),
        ("import", {"pk": 999999}),
    ],
)
def test_what_was_acknowledged_and_is_not_there_is_a_loss(world, checks, kind, about):
    [fault, *_rest] = checks.acknowledged_are_there(_acknowledged(_form(kind, **about)))
    assert "lost" in fault or "not" in fault


def test_a_withdrawal_that_was_acknowledged_and_not_kept_is_a_loss(world, checks):
    form = _form("withdrawal", pk=Proposal.objects.get().pk)
    assert "withdrawals are lost" in checks.acknowledged_are_there(_acknowledged(form))[0]


def _visit_without_child(world):
    visit = Visit.objects.get()
    Visit.objects.create(
        visited_on=CAST_DAY, visitor=visit.visitor, post=visit.post, outcome="refused",
        key="b", recorded_at=CAST_MOMENT, recorded_by=visit.recorded_by,
    )  # fmt: skip


def _child_without_fact(world):
    row = VisitChild.objects.get()
    row.pk, row.child = None, world.sister
    row.save()


def _enrolment_that_the_ledger_does_not_know(world):
    Enrolment.objects.filter(child=world.pupil).update(until_on=CAST_DAY, how_out="left")


def _register_entry_alone(world):
    entry = RegisterEntry.objects.get()
    RegisterEntry.objects.create(
        kind="visit_plan", place=entry.place, title="计划", responsible=entry.responsible,
        from_on=YEAR_FROM, entered_at=CAST_MOMENT,
    )  # fmt: skip


def _proposal_alone(world):
    proposal = Proposal.objects.get()
    proposal.pk = None
    proposal.save()


def _visit_that_ended_and_counts(world):
    Visit.objects.update(status="retracted", ended_at=CAST_MOMENT)


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (_visit_without_child, "visits have no child"),
        (_visit_without_child, "visits have no audit row"),
        (_child_without_fact, "have no fact"),
        (_enrolment_that_the_ledger_does_not_know, "differ from their fact"),
        (_register_entry_alone, "register entries and facts"),
        (_register_entry_alone, "register entries and audit rows"),
        (_proposal_alone, "no child or no time"),
        (_visit_that_ended_and_counts, "still count"),
    ],
)
def test_half_a_record_is_found(world, checks, deed, words):
    deed(world)
    assert any(words in fault for fault in checks.half_records(0))


def test_half_an_import_is_found(world, checks):
    RosterImport.objects.update(status="running")
    assert "are not done" in checks.imports_are_whole()[0]
    assert len(checks.stuck_imports()) == 1
    RosterImport.objects.create(
        school=world.school, on=CAST_DAY, status="done", kept_as="x", uploaded_at=CAST_MOMENT,
        changed_at=CAST_MOMENT, expires_on=CAST_DAY,
    )  # fmt: skip
    assert any("without one audit row" in fault for fault in checks.imports_are_whole())


def test_a_large_roster_in_two_classes_and_a_small_one_by_half_are_found(world, checks):
    first, second = Enrolment.objects.filter(child__name__in=["钱小多", "孙好"])
    for enrolment, name in ((first, "钱乙仁"), (second, "孙乙仁")):
        type(enrolment.child).objects.filter(pk=enrolment.child_id).update(name=name)
    assert "by half" in checks.imports_are_whole()[0]
    for enrolment, name in ((first, "钱甲"), (second, "孙甲")):
        type(enrolment.child).objects.filter(pk=enrolment.child_id).update(name=name)
    Enrolment.objects.filter(pk=first.pk).update(school_class=world.parallel_class)
    Enrolment.objects.filter(pk=second.pk).update(school_class=world.this_class)
    assert "in 2 classes" in checks.imports_are_whole()[0]


def test_a_number_that_is_missing_is_a_gap(world, checks):
    if connection.vendor == "sqlite":
        assert checks.sequences_have_no_gaps() == []
    last = Entry.objects.order_by("-seq").first()
    last.seq += 2
    last.save(force_insert=True)
    assert "audit_entry" in checks.sequences_have_no_gaps()[0]


def test_a_broken_seal_is_found(world, checks, settings, tmp_path):
    settings.HEADS_FOLDER = tmp_path / "heads"
    # Nothing is published yet, so that there is nothing to compare with; then everything is.
    assert checks.seals_hold() == []
    with triggers_lifted(connection):
        Entry.objects.filter(verb="visit.record").update(why="changed")
    assert any("edited" in fault for fault in checks.seals_hold())


def test_figures_that_are_not_those_of_the_ledger_are_found(world, checks):
    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.indicators.actions import refresh
    from gongyu.indicators.models import Figure

    refresh(CAST_DAY, by=SYSTEM)
    assert checks.figures_are_those_of_the_ledger() == []
    Figure.objects.filter(place=world.city).delete()
    assert "differ" in checks.figures_are_those_of_the_ledger()[0]
