"""The command `gongyu`: every command explains itself, and wrong usage says so."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import OperationalError

from gongyu.command_line.main import _data_folder_words, main
from gongyu.command_line.serve import _is_free, tidy
from gongyu.records.m01_home_school_contact.models import Proposal
from tests.cast import CAST_DAY, CAST_MOMENT

COMMANDS = [
    "demo", "prepare", "serve", "work", "plan check", "plan show", "places load", "roster import",
    "indicators refresh", "indicators show", "ledger seal", "ledger verify", "ledger export",
]  # fmt: skip


@pytest.mark.without_database
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as left:
        main([*command.split(), "--help"])
    assert left.value.code == 0
    assert "usage: gongyu" in capsys.readouterr().out


@pytest.mark.without_database
def test_wrong_usage_ends_with_two(capsys):
    with pytest.raises(SystemExit) as left:
        main(["fly"])
    assert left.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


@pytest.mark.without_database
def test_the_plan_is_checked_for_programs_too(capsys):
    assert main(["plan", "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_what_nobody_answered_expires_by_itself(cast):
    person = cast.class_teacher
    overdue = Proposal.objects.create(
        class_place=cast.this_class, proposer=person.staff, post=person.post,
        proposed_on=CAST_DAY - timedelta(days=9), answer_by=CAST_DAY - timedelta(days=1),
        changed_at=CAST_MOMENT,
    )  # fmt: skip
    tidy(CAST_DAY)
    overdue.refresh_from_db()
    assert overdue.status == "expired"


@pytest.mark.without_database
def test_a_port_in_use_is_said_at_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not _is_free("127.0.0.1", taken.getsockname()[1])


@pytest.mark.without_database
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GONGYU_DATABASE_URL", "nonsense://x"),
        ("GONGYU_DATABASE_URL", f"sqlite:///{__file__}"),  # a file that is no database
        ("GONGYU_IDLE_MINUTES", "half an hour"),
        ("GONGYU_PASSWORD_DAYS", "-1"),
        ("GONGYU_PROXIES", "127.0.0.1, 10.1.0.9/16"),
    ],
)
def test_a_fault_of_the_machine_is_told_in_words(tmp_path, name, value):
    done = subprocess.run(
        [sys.executable, "-m", "gongyu", "indicators", "show", "homeroom-visit-each-student"],
        env={**os.environ, "GONGYU_DATA": str(tmp_path), name: value},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("gongyu: ")


def test_a_reader_that_has_seen_enough_is_no_fault():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as nobody_reads:
        done = subprocess.run(
            [sys.executable, "-m", "gongyu", "plan", "check"],
            stdout=nobody_reads, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize("below", ["", "/deeper/still"])
def test_a_data_folder_that_cannot_be_used_is_said_with_how_to_mend_it(tmp_path, below):
    a_file = tmp_path / "a-file"
    a_file.write_text("here already")
    done = subprocess.run(
        [sys.executable, "-m", "gongyu", "demo", "--if-empty"],
        env=os.environ | {"GONGYU_DATA": f"{a_file}{below}", "GONGYU_KEYS": "",
                          "DJANGO_SETTINGS_MODULE": "gongyu.config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "Errno" not in done.stderr and "Traceback" not in done.stderr
    assert f"The data folder {a_file}{below} cannot be used" in done.stderr
    assert "GONGYU_DATA=/path/to/folder" in done.stderr


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "x", "{}/keys.json"), "this user may not write there"),
        (OSError(errno.EROFS, "x", "{}/snapshots"), "mounted for reading only"),
        (OSError(errno.ENOSPC, "x", "{}/gongyu.sqlite3"), "the disk is full"),
        (OperationalError("unable to open database file"), "cannot be written"),
        (FileNotFoundError(errno.ENOENT, "x", "{}/heads/1.json"), ""),
        (PermissionError(errno.EACCES, "x", "/elsewhere/plan.toml"), ""),
        (OperationalError("no such table"), ""),
    ],
)
def test_what_is_wrong_with_the_data_folder_is_told_from_other_faults(
    tmp_path, monkeypatch, error, words
):
    monkeypatch.setenv("GONGYU_DATA", str(tmp_path))
    if isinstance(error, OSError):
        error = type(error)(error.errno, error.strerror, error.filename.format(tmp_path))
    told = _data_folder_words(error)
    assert (words in told and str(tmp_path) in told) if words else told == ""
