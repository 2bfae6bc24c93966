"""A port that cannot be one is wrong usage, typed or from the environment, and a trace of nothing."""

import pytest

from gongyu.command_line.main import build_parser


@pytest.mark.without_database
@pytest.mark.parametrize("port", ["99999", "0", "-1", "abc", "²", "9" * 5000])
def test_what_is_no_port_is_wrong_usage(port, monkeypatch, capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["serve", f"--port={port}"])
    assert ended.value.code == 2 and "is no port" in capsys.readouterr().err
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit):
        build_parser().parse_args(["serve"])
    assert build_parser().parse_args(["plan", "check"]).command == "plan"


@pytest.mark.without_database
def test_the_environment_names_the_port(monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    assert build_parser().parse_args(["serve"]).port == 8123
