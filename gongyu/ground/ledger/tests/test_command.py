"""`gongyu ledger` as an operator and an auditor use it."""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from gongyu.ground.ledger.command import add_commands
from gongyu.ground.ledger.tests.sealed import build_sealed, write_facts
from gongyu.ground.seal import exporting
from gongyu.ground.seal.heads import KEY_NAME

PROJECT = Path(__file__).resolve().parents[4]

# A machine without the application's packages: importing one of them fails.
_BARE = """
import sys
for name in ("django", "cryptography", "psycopg"):
    sys.modules[name] = None
from gongyu.ground.seal.verify import main
sys.exit(main(sys.argv[1:]))
"""


def run(*words):
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    args = parser.parse_args(["ledger", *map(str, words)])
    return args.handler(args)


@pytest.fixture
def sealed(db, tmp_path):
    return build_sealed(tmp_path)


@pytest.fixture
def at_the_auditor(sealed, tmp_path):
    """Words for a verification of a copy in a file."""
    file = tmp_path / "copy.sqlite3"
    copy = sqlite3.connect(file)
    sealed.tables.backup(copy)
    copy.close()
    key = sealed.folder / KEY_NAME
    return ["--tables", str(file), "--heads", str(sealed.folder), "--key", str(key)]


def in_a_bare_python(words):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GONGYU", "DJANGO"))}
    command = [sys.executable, "-c", _BARE, *words]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )


def test_verification_works_without_the_application(at_the_auditor):
    done = in_a_bare_python(at_the_auditor)
    assert (done.returncode, done.stderr.count("checked")) == (0, 2), done.stderr
    assert "ledger_fact: whole. 600 rows in 3 seals" in done.stdout
    assert "10 rows not yet sealed" in done.stdout


def test_an_edit_is_found_without_the_application(at_the_auditor):
    copy = sqlite3.connect(at_the_auditor[1])
    [seq] = copy.execute("SELECT min(seq) + 99 FROM audit_entry").fetchone()
    copy.execute("UPDATE audit_entry SET user_id = 8 WHERE seq = ?", [seq])
    copy.commit()
    copy.close()
    done = in_a_bare_python([*at_the_auditor, "--json"])
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["whole"] is False
    [audit, ledger] = report["tables"]
    assert ledger["faults"] == []
    assert [(f["kind"], f["seqs"]) for f in audit["faults"]] == [("edited", [seq])]


def test_what_is_missing_is_said_with_its_own_exit_code(at_the_auditor):
    """Both the head file and the seals of one table were taken away."""
    (Path(at_the_auditor[3]) / "audit_entry.jsonl").unlink()
    copy = sqlite3.connect(at_the_auditor[1])
    copy.execute("DELETE FROM seal_seal WHERE table_name = 'audit_entry'")
    copy.commit()
    copy.close()
    done = in_a_bare_python(at_the_auditor)
    assert done.returncode == 2
    assert "audit_entry: NOT VERIFIED" in done.stdout and "audit_entry.jsonl" in done.stdout
    assert "ledger_fact: whole" in done.stdout


def test_an_exported_folder_verifies_as_well(sealed, at_the_auditor, tmp_path, capsys):
    assert run("verify", *at_the_auditor[2:], "--tables", tmp_path / "copy") == 0
    assert "whole" in capsys.readouterr().out


def test_an_export_of_a_copy_is_the_same_export(at_the_auditor, tmp_path, capsys):
    assert run("export", tmp_path / "again", "--tables", at_the_auditor[1], "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows"] == {"audit_entry": 610, "ledger_fact": 610}
    for name in ("ledger_fact", "audit_entry", "seal_block", "seal_seal"):
        again = (tmp_path / "again" / f"{name}.jsonl").read_text()
        assert again == (tmp_path / "copy" / f"{name}.jsonl").read_text()


def test_an_export_never_writes_over_another(at_the_auditor, tmp_path, capsys):
    assert run("export", tmp_path / "copy", "--tables", at_the_auditor[1]) == 1
    assert "an empty folder" in capsys.readouterr().err


def test_an_export_goes_into_no_folder_that_holds_anything(at_the_auditor, tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name, said in (("full", "is not empty"), ("file", "is a file")):
        assert run("export", tmp_path / name, "--tables", at_the_auditor[1]) == 1
        told = capsys.readouterr().err
        assert said in told and "an empty folder" in told
    assert [path.name for path in (tmp_path / "full").iterdir()] == [".notes.txt"]


def test_an_export_goes_into_an_empty_folder(at_the_auditor, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run("export", tmp_path / "empty", "--tables", at_the_auditor[1]) == 0
    assert len(list((tmp_path / "empty").iterdir())) == 4


def test_an_export_that_breaks_off_leaves_nothing(at_the_auditor, tmp_path, capsys, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_block_rows", full)
    before = sorted(tmp_path.iterdir())
    assert run("export", tmp_path / "new" / "deep", "--tables", at_the_auditor[1]) == 1
    assert "No space left" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == [*before, tmp_path / "new"] and not any(
        (tmp_path / "new").iterdir()
    )


def test_sealing_says_what_it_sealed(db, tmp_path, capsys):
    write_facts(1, 20)
    assert run("seal", "--heads", tmp_path, "--json") == 0
    heads = json.loads(capsys.readouterr().out)["heads"]
    assert {(head["table"], head["count"]) for head in heads} == {
        ("audit_entry", 20),
        ("ledger_fact", 20),
    }
    assert run("seal", "--heads", tmp_path) == 0
    assert capsys.readouterr().out == "Nothing new to seal.\n"


def test_sealing_into_a_strange_folder_is_refused(db, tmp_path, capsys):
    (tmp_path / KEY_NAME).write_text("no key")
    assert run("seal", "--heads", tmp_path) == 1
    assert "belongs to another key file" in capsys.readouterr().err


def test_nothing_sealed_is_nothing_to_export(tmp_path, capsys):
    sqlite3.connect(tmp_path / "empty.sqlite3").execute("CREATE TABLE t (a)").connection.close()
    assert run("export", tmp_path / "out", "--tables", tmp_path / "empty.sqlite3") == 1
    assert "Nothing is sealed yet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (1, "nowhere.sqlite3", "There is no file"),
        (1, "text.sqlite3", "not a readable SQLite database"),
        (1, "empty", "holds no exported table"),
        (1, "spoilt", "is not an exported table"),
        (1, "postgresql://127.0.0.1:9/none?connect_timeout=2", "does not answer"),
        (3, "empty", "no published heads"),
        (3, "text.sqlite3", "line 1"),
        (5, "text.sqlite3", "not a verification key file"),
        (5, "nowhere.json", "cannot be used"),
    ],
)
def test_what_cannot_be_verified_is_not_called_whole(
    at_the_auditor, tmp_path, capsys, place, value, reason
):
    (tmp_path / "text.sqlite3").write_text("This is no database. " * 100)
    (tmp_path / "empty").mkdir()
    (tmp_path / "spoilt").mkdir()
    (tmp_path / "spoilt" / "a.jsonl").write_text('{"table": "a"}\n')
    words = list(at_the_auditor)
    words[place] = value if "://" in value else str(tmp_path / value)
    assert run("verify", *words) == 2
    said = capsys.readouterr()
    assert reason in said.err and said.out == ""


def test_a_database_opens_where_nothing_can_be_written(at_the_auditor, monkeypatch):
    from gongyu.ground.seal import copies

    connect = sqlite3.connect

    def only_immutable(path, **options):
        if "immutable" not in path:
            raise sqlite3.OperationalError("unable to open database file")
        return connect(path, **options)

    monkeypatch.setattr(copies.sqlite3, "connect", only_immutable)
    assert run("verify", *at_the_auditor) == 0
