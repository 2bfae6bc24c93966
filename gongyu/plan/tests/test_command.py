"""`gongyu plan` says what it found and leaves with a true exit code."""

import argparse
import json

import pytest

from gongyu.plan.command import add_commands, check, show
from gongyu.plan.tests.planting import plant


def run(*words):
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(["plan", *map(str, words)])
    return args.handler(args)


def test_check_counts_the_plan_that_is_in_force(capsys):
    assert run("check") == 0

    out = capsys.readouterr().out
    assert out.endswith("129 duties, 13 measures, 55 of 55 sentences\n")
    assert "社区家长学校 ≥90%" in out


def test_check_of_a_broken_plan_names_place_and_cure(tiny, capsys):
    plant(tiny, "week.toml", 'source = "kindergarten-rules"', 'source = "newspaper"')

    assert run("check", tiny) == 1
    out = capsys.readouterr().out
    assert "week.toml:27 [source] 公开报道不能作阈值的出处 → 引用方案、法律、法规或正式文件" in out


def test_check_speaks_json(tiny):
    text, code = check(tiny, as_json=True)
    found = json.loads(text)

    assert code == 0
    assert (found["duties"], found["measures"], found["sentences"], found["built"]) == (3, 1, 2, 1)
    assert found["classes"] == {"N": 1, "R": 0, "O": 0, "C": 1, "T": 0, "P": 1}
    assert sum(sum(row["classes"].values()) for row in found["by_measure"]) == 3

    plant(tiny, "week.toml", "value = 4", "value = 0")
    text, code = check(tiny, as_json=True)
    (fault,) = json.loads(text)["faults"]
    assert code == 1
    assert (fault["file"], fault["line"], fault["key"]) == ("week.toml", 26, "value")
    assert fault["cure"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("", "措施"),
        ("1", "措施1 办好开放周（责任部门：市教育局、市妇联）"),
        ("1.2", "suggestions"),
        ("open-week", "幼儿园≥4次（《青溪市幼儿园条例》第八条）"),
        ("contact-rules", "所属措施尚未建成"),
    ],
)
def test_show_explains_measures_sentences_and_duties(tiny, what, said):
    text, code = show(what, folder=tiny)

    assert code == 0
    assert said in text
    as_json, code = show(what, as_json=True, folder=tiny)
    assert (json.loads(as_json) != [], code) == (True, 0)


def test_show_of_something_else_suggests_what_was_meant(tiny):
    text, code = show("open-weak", folder=tiny)

    assert code == 1
    assert "open-week" in text
    assert show("7", folder=tiny)[1] == 1


def test_show_of_a_broken_plan_is_refused(tiny):
    plant(tiny, "week.toml", "value = 4", "value = 0")

    text, code = show("1", folder=tiny)

    assert code == 1
    assert "week.toml:26" in text
