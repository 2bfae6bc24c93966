"""The report of `make load` tells the truth: errors and a rate that was not carried are failures."""

from __future__ import annotations

from argparse import Namespace

import pytest

pytestmark = pytest.mark.without_database
HEAD = "Type,Name,Request Count,Failure Count,Requests/s,50%,95%,99%,100%\n"
ASKED = Namespace(rate=10.0, duration=60, workers=2, threads=4)


def _report(tmp_path, *, failed: int, rate: float, failures: str = ""):
    import load
    from load_machine import Sample

    target = tmp_path / "load"
    numbers = f"590,{failed},{rate},20,80,120,300"
    rows = f"GET,family: link,{numbers}\n,Aggregated,{numbers}\n"
    (tmp_path / "load_stats.csv").write_text(HEAD + rows)
    (tmp_path / "load_failures.csv").write_text("Method,Name,Error,Occurrences\n" + failures)
    first = Sample(0.0, 10.0, {"pages": 1.0}, cores=2)
    last = Sample(60.0, 100.0, {"pages": 31.0, "database": 6.0}, cores=2)
    return load._report(ASKED, target, first, last, tmp_path / "no.log")


def test_a_rate_that_was_carried_without_an_error_holds(tmp_path, capsys):
    assert _report(tmp_path, failed=0, rate=9.9) == 0
    told = capsys.readouterr().out
    assert "carried: 9.9 requests a second with 0 errors" in told
    assert "pages             0.50 cores    50.85 ms CPU a request" in told
    assert "1.50 of 2 cores busy, 0.90 of them with the work of others" in told


def test_one_error_is_a_failure_and_is_named(tmp_path, capsys):
    failures = "GET,family: link,CatchResponseError('500 '),1\n"
    assert _report(tmp_path, failed=1, rate=10.0, failures=failures) == 1
    assert "1 × family: link: CatchResponseError('500 ')" in capsys.readouterr().out


def test_a_rate_that_was_not_reached_is_a_failure(tmp_path, capsys):
    assert _report(tmp_path, failed=0, rate=9.0) == 1
    assert "NOT held" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("/usr/bin/python -m gongyu work", "worker"),
        ("/usr/bin/python -m gongyu serve --port 1", "pages"),
        ("python -c from multiprocessing.spawn import spawn_main; spawn_main()", "pages"),
        ("postgres: gongyu postgres 127.0.0.1(4000) idle", "database"),
        ("/usr/lib/postgresql/16/bin/postgres -D cluster", "database"),
        (".venv-load/bin/python .venv-load/bin/locust -f mix.py", "load generator"),
        ("/usr/bin/python -m pytest", None),
    ],
)
def test_a_process_is_known_by_its_command(command, kind):
    from load_machine import kind_of

    assert kind_of(command) == kind


def test_the_machine_is_read(tmp_path):
    import os

    from load_machine import sample

    found = sample({os.getpgrp()}, None)
    assert found.busy > 0 and found.cores >= 1
