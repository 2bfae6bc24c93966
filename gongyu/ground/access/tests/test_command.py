"""The first administrator comes in by the command line, and so does somebody locked out."""

import argparse
import json

import pytest

from gongyu.ground.access.command import add_commands
from gongyu.ground.access.models import User
from gongyu.ground.access.queries import actor_for
from gongyu.ground.staff.models import Role
from tests.cast import CAST_DAY

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


def run(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    args = parser.parse_args(["account", *argv])
    return args.handler(args)


def test_the_first_administrator_is_there_in_one_command(cast, capsys):
    assert run("administrator", "石岚", "shilan", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    user = User.objects.get(username="shilan")
    assert user.check_password(told["password"])
    assert actor_for(user, CAST_DAY).has_role(Role.ADMINISTRATOR)


def test_a_taken_username_is_refused_and_nobody_is_added(cast, capsys):
    assert run("administrator", "石岚", "head") == 1
    assert "已被使用" in capsys.readouterr().out
    assert not cast.head.staff.__class__.objects.filter(name="石岚").exists()


def test_without_units_the_command_says_what_comes_first(db, capsys):
    assert run("administrator", "石岚", "shilan") == 1
    assert "places load" in capsys.readouterr().out


def test_somebody_locked_out_gets_a_temporary_password(cast, capsys):
    assert run("restore", "head") == 0
    cast.head.user.refresh_from_db()
    assert cast.head.user.password_changed_on is None
    assert run("restore", "nobody-here") == 1
