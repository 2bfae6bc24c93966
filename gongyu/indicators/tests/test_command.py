"""The command line: figures as text and as JSON, refusals that say what to do."""

from __future__ import annotations

import argparse
import json
from datetime import date

import pytest
import time_machine

from gongyu.indicators import actions
from gongyu.indicators.command import add_commands

from .small_city import visit

VISITS = "homeroom-visit-each-student"
pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    """`run("refresh", "--json")` is (exit code, what was printed, what was said on the side)."""

    def call(*words: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers())
        args = parser.parse_args(["indicators", *words])
        with time_machine.travel(date(2025, 9, 25), tick=False):
            code = args.handler(args)
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def test_refresh_tells_its_progress_and_its_result(small_city, run):
    code, out, err = run("refresh", "--json")
    assert code == 0 and VISITS in err
    result = json.loads(out)
    assert result["as_of"] == "2025-09-25" and result["figures"] > 0


def test_show_reads_a_figure_of_a_place(small_city, run):
    one = small_city.classes[0]
    for child in small_city.children[one.pk]:
        visit(small_city, child, one, date(2025, 9, 3))
    run("refresh")
    code, out, _ = run("show", VISITS, "--json")
    found = json.loads(out)
    assert code == 0 and found["counts"]["met"] == 6 and found["subjects"] == 48
    code, out, _ = run("show", VISITS, "--place", "500101")
    assert code == 0 and "district 500101" in out and "24" in out


def test_a_figure_of_an_earlier_day_is_kept_when_it_is_asked_for(small_city, run):
    one = small_city.classes[0]
    for child in small_city.children[one.pk]:
        visit(small_city, child, one, date(2025, 9, 20))
    run("refresh", "--as-of", "2025-09-19")
    run("refresh")
    assert (
        json.loads(run("show", VISITS, "--json", "--as-of", "2025-09-19")[1])["counts"]["met"] == 0
    )
    assert json.loads(run("show", VISITS, "--json")[1])["counts"]["met"] == 6


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["refresh", "--as-of", "2025-09-26"], "still to come"),
        (["show", VISITS], "refresh first"),
        (["show", "no-such-duty"], "no duty"),
        (["show", "practice-each-semester"], "尚未建成"),
    ],
)
def test_a_refusal_says_what_to_do(small_city, run, words, why):
    code, out, err = run(*words)
    assert code == 1 and out == "" and why in err


def test_an_unknown_place_or_period_is_refused(small_city, run):
    run("refresh")
    assert "999999" in run("show", VISITS, "--place", "999999")[2]
    assert run("show", VISITS, "--period", "1999-2000")[0] == 1


def test_a_second_refresh_at_once_is_refused(small_city, run):
    with actions._alone():
        code, _, err = run("refresh")
    assert code == 1 and "under way" in err


def test_a_day_that_is_none_is_wrong_usage(small_city, run):
    with pytest.raises(SystemExit) as stopped:
        run("refresh", "--as-of", "soon")
    assert stopped.value.code == 2
