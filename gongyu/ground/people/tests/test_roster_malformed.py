"""Two hundred wrong rosters: no crash, nothing written, and every refusal names its row."""

from __future__ import annotations

import io

import openpyxl
import pytest

from gongyu.ground.people.models import Care, Carer, Child, Enrolment
from gongyu.ground.people.roster import inspection, keeping
from gongyu.ground.people.roster.marking import marked
from gongyu.ground.places.models import Place
from tests.cast import CAST_DAY

from . import malformed as files
from . import malformed_rows as rows
from .malformed import MAPPING, Case
from .rosters import hand_in, pupil, read, sheet


@pytest.fixture(scope="module")
def malformed() -> list[Case]:
    return [*files.cases(), *rows.cases()]


def test_there_are_two_hundred_and_no_two_bear_one_name(malformed):
    assert len(malformed) >= 200
    assert len({case.name for case in malformed}) == len(malformed)


def test_a_wrong_roster_is_answered_with_its_fault_and_row(malformed):
    wrong = {}
    for case in malformed:
        roster = read(case.data)
        assert roster.pupils == [] and roster.staff == [], case.name
        found = {(fault.code, fault.row) for fault in roster.refused}
        wanted = set() if case.code == MAPPING else {(case.code, case.row)}
        if found != wanted or roster.needs_mapping != (case.code == MAPPING):
            wrong[case.name] = found
        for fault in roster.refused:
            assert fault.reason and fault.cure and "%(" not in fault.reason + fault.cure
    assert wrong == {}


def test_every_refused_roster_can_be_had_back_with_its_faults_marked(malformed):
    for case in malformed:
        if len(case.data) > 2_000_000:
            continue
        roster = read(case.data)
        book = openpyxl.load_workbook(io.BytesIO(marked(case.data, roster.faults)))
        assert book.worksheets[0].max_row == max(len(roster.faults) + 1, 1), case.name
        cells = [c for page in book.worksheets for row in page.iter_rows() for c in row]
        assert not any(c.data_type == "f" for c in cells), case.name


@pytest.mark.django_db
def test_none_of_them_leaves_anything_in_the_database(cast, malformed):
    tables = (Child, Carer, Care, Enrolment, Place)
    before = [model.objects.count() for model in tables]
    wrong = []
    for case in malformed:
        roster = hand_in(cast.school, case.data, on=CAST_DAY)
        wanted = "mapping" if case.code == MAPPING else "refused"
        if roster.status != wanted:
            wrong.append((case.name, roster.status))
        elif wanted == "refused":
            faults = keeping.kept_preview(roster.kept_as)["faults"]
            assert any(fault["row"] == case.row for fault in faults), case.name
    assert wrong == []
    assert [model.objects.count() for model in tables] == before


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(inspection, "MAX_UNPACKED", 5_000)
    [fault] = read(sheet(*[pupil() for _ in range(50)])).refused
    assert fault.code == "file_too_big"


def test_faults_beyond_the_limit_are_counted_and_not_kept():
    rows = [pupil("张三", 性别="公", 身份证号="") for _ in range(6000)]
    roster = read(sheet(*rows))
    assert roster.fault_count == 6000
    assert len(roster.refused) == 5000
