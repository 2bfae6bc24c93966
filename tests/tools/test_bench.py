"""The closing table of `make bench` tells the truth: what is over fails at full size, and only there."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.without_database


def _ratio(clock=0.5, processor=None, most=1.0, judged_by="clock"):
    from full_size.report import Ratio

    return Ratio("visits", "the engine to the query", clock, processor, most, judged_by)


def _part(code=0, peak=900, skipped=""):
    from full_size.report import Part

    return Part("visits", code, 12.0, 20.0, peak, skipped)


def _close(*found, is_judged=True) -> int:
    from full_size import report

    parts = [each for each in found if isinstance(each, report.Part)]
    return report.close(parts, [each for each in found if each not in parts], is_judged)


def test_what_holds_is_said_to_hold(capsys):
    assert _close(_part(), _ratio()) == 0
    assert capsys.readouterr().out.count("  held") == 2


def test_a_ratio_that_is_over_fails_at_full_size_only(capsys):
    assert _close(_part(), _ratio(clock=1.2)) == 1
    assert "OVER" in capsys.readouterr().out
    assert _close(_part(), _ratio(clock=1.2), is_judged=False) == 0
    told = capsys.readouterr().out
    assert "OVER" not in told and told.count("not judged at this size") == 2


def test_a_ratio_is_judged_by_what_it_says():
    assert _close(_ratio(clock=1.2, processor=0.9, judged_by="processor")) == 0
    assert _close(_ratio(clock=0.9, processor=1.2, judged_by="processor")) == 1


def test_a_ratio_without_a_limit_stands_beside(capsys):
    assert _close(_ratio(clock=99, most=None)) == 0
    assert "beside it" in capsys.readouterr().out


def test_memory_above_six_gibibytes_is_over():
    assert _close(_part(peak=6145)) == 1
    assert _close(_part(peak=6144)) == 0


def test_a_part_that_failed_fails_at_every_size(capsys):
    assert _close(_part(code=1), _ratio(), is_judged=False) == 1
    assert "FAILED" in capsys.readouterr().out


def test_a_part_that_could_not_run_says_why_and_is_no_failure(capsys):
    assert _close(_part(skipped="PostgreSQL is not installed here")) == 0
    assert "did not run: PostgreSQL is not installed here" in capsys.readouterr().out


def test_what_was_kept_is_read_again(tmp_path):
    from full_size import report

    found = [_part(), _ratio(processor=0.4)]
    for each in found:
        report.keep(tmp_path / "found.jsonl", each)
    assert report.read(tmp_path / "found.jsonl") == ([found[0]], [found[1]])


def test_an_unknown_part_is_named(monkeypatch, capsys):
    import bench_city

    monkeypatch.setattr("sys.argv", ["bench_city.py", "visit"])
    assert bench_city.main() == 2
    assert "No part is called visit" in capsys.readouterr().err
