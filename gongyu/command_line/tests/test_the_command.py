"""The command `gongyu`: every command explains itself, and wrong usage says so."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from gongyu.command_line.main import main
from gongyu.command_line.serve import tidy
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
