"""`gongyu roster import`: what it says, what it returns, what it leaves behind."""

from __future__ import annotations

import argparse
import json

import openpyxl
import pytest

from gongyu.ground.audit.models import Entry
from gongyu.ground.people.command import add_commands
from gongyu.ground.people.models import Child, Enrolment, RosterImport
from tests.cast import CAST_DAY, YEAR_FROM

from .rosters import bring_in, number, pupil, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(argv)
    return args.handler(args)


@pytest.fixture
def run(cast, tmp_path, capsys):
    """Runs the command on a sheet; gives exit code and what was printed."""

    def _run(data: bytes, *options: str, school: str | None = None) -> tuple[int, str]:
        path = tmp_path / "名册.xlsx"
        path.write_bytes(data)
        code = main(
            ["roster", "import", str(path), "--school", school or cast.school.code, *options]
        )
        return code, capsys.readouterr().out

    return _run


def test_a_sound_roster_is_imported_and_the_second_time_changes_nothing(run):
    data = sheet(pupil("钱小多"), pupil("孙好", 民族="汉族"))
    code, out = run(data, "--json")
    told = json.loads(out)
    assert (code, told["status"], told["counts"]["added"]) == (0, "done", 2)
    assert told["not_kept"] == {"民族与国籍": ["民族"]}
    assert Child.objects.filter(name__in=["钱小多", "孙好"]).count() == 2
    assert Entry.objects.get(verb="roster.import").actor_name == "系统"
    code, out = run(data)
    assert code == 0 and "没有变化" in out


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run):
    code, out = run(sheet(pupil("钱小多")), "--dry-run", "--json")
    told = json.loads(out)
    assert (code, told["status"], told["counts"]["added"]) == (0, "dry_run", 1)
    assert not Child.objects.filter(name="钱小多").exists()


def test_faults_end_with_1_and_each_is_told_with_its_place_but_no_number(run, tmp_path):
    wrong = "500103201705200011"
    data = sheet(pupil("钱小多"), pupil("孙好", 身份证号=wrong))
    marked = tmp_path / "marked.xlsx"
    code, out = run(data, "--marked", str(marked))
    assert code == 1
    assert "第 3 行 C 列（身份证号）" in out and "校验不符" in out and wrong not in out
    assert "校验" in openpyxl.load_workbook(marked)["名册"]["C3"].comment.text
    code, out = run(data, "--json")
    told = json.loads(out)
    assert (code, told["status"], told["fault_count"]) == (1, "refused", 1)
    assert (told["faults"][0]["row"], told["faults"][0]["column"]) == (3, "C")
    assert not Child.objects.filter(name="钱小多").exists()


@pytest.mark.parametrize(
    ("options", "school"),
    [(("--on", "2026-11-04"), "0000"), (("--on", "2030-01-01"), None)],
)
def test_wrong_usage_ends_with_2(run, options, school):
    assert run(sheet(pupil("钱小多")), *options, school=school)[0] == 2


def test_a_file_that_is_not_there_ends_with_2(cast, capsys):
    code = main(["roster", "import", "/nowhere/x.xlsx", "--school", cast.school.code, "--json"])
    assert code == 2 and json.loads(capsys.readouterr().out)["status"] == "usage"


def test_an_unknown_option_ends_with_2(cast):
    with pytest.raises(SystemExit) as end:
        main(["roster", "import", "x.xlsx", "--school", cast.school.code, "--force"])
    assert end.value.code == 2


def test_doubts_are_listed_or_decided_as_told(run, cast):
    row = {"姓名": "钱小多", "班级": "三年级7班", "出生日期": "2017-05-20"}
    bring_in(cast.school, sheet(row), on=YEAR_FROM)
    data = sheet({**row, "班级": "三年级8班"})
    code, out = run(data, "--json")
    told = json.loads(out)
    assert (code, told["status"]) == (1, "doubts")
    assert told["doubts"][0]["row"] == 2
    code, out = run(data, "--doubts", "same", "--json")
    assert (code, json.loads(out)["counts"]["moved"]) == (0, 1)
    assert Child.objects.filter(name="钱小多").count() == 1


def test_leavers_leave_only_when_told(run, cast):
    data = sheet(
        pupil(cast.classmate.name, 身份证号=number("2017-05-20"), 班级=cast.this_class.name)
    )
    assert run(data, "--covers", "classes")[0] == 0
    assert Enrolment.objects.on(CAST_DAY).filter(child=cast.pupil).exists()
    assert run(data, "--covers", "classes", "--leavers")[0] == 0
    assert not Enrolment.objects.on(CAST_DAY).filter(child=cast.pupil).exists()


def test_a_place_where_nothing_can_be_written_is_refused_before_anything_is_imported(run, tmp_path):
    data = sheet(pupil("钱小多"), pupil("孙好", 民族="汉族"))
    (tmp_path / "file").write_text("mine")
    for place, said in (
        (tmp_path / "nowhere" / "faults.xlsx", "there is no folder"),
        (tmp_path / "file" / "faults.xlsx", "there is no folder"),
        (tmp_path, "that is a folder"),
    ):
        code, out = run(data, "--marked", str(place), "--json")
        told = json.loads(out)
        assert (code, told["status"]) == (2, "usage") and said in told["message"]
    assert not Child.objects.filter(name="钱小多").exists()
    assert not RosterImport.objects.exists()


def test_a_marked_sheet_that_cannot_be_finished_leaves_the_old_one(run, tmp_path, monkeypatch):
    marked = tmp_path / "marked.xlsx"
    marked.write_text("the old one")

    def full(*_, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gongyu.ground.people.command.TemporaryDirectory", full)
    code, out = run(sheet(pupil("孙好", 身份证号="500103201705200011")), "--marked", str(marked))
    assert code == 1 and "校验不符" in out
    assert marked.read_text() == "the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["marked.xlsx", "名册.xlsx"]


def test_headings_that_nobody_knows_end_with_1(run):
    code, out = run(sheet({"娃儿": "钱小多", "哪个班": "3.2"}, headings=("娃儿", "哪个班")))
    assert code == 1 and "认不出表头" in out


def test_nothing_is_kept_of_a_refused_file(run, settings):
    run(sheet(pupil("钱小多", 性别="公")))
    roster = RosterImport.objects.get()
    assert roster.status == "cancelled"
    assert not list((settings.MEDIA_ROOT / "rosters").glob(f"{roster.kept_as}*"))


def test_tidying_is_a_command(cast, capsys):
    assert main(["roster", "tidy"]) == 0
    assert "0 imports" in capsys.readouterr().out
