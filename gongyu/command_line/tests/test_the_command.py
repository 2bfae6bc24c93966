"""The command `gongyu`: every command explains itself, and wrong usage says so."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest

from gongyu.command_line.main import main
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
