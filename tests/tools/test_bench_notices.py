"""The bench of confirmations tells the truth: a lost answer always fails, a low ratio at full size."""

from __future__ import annotations

import socket
import threading

import pytest

pytestmark = pytest.mark.without_database
FAMILIES = 92


def _report(confirmed: float, empty: float, *, lost: str = "", is_judged: bool = True) -> int:
    import bench_notices
    from confirming.world import SPARE

    whole = FAMILIES + SPARE
    kept = dict.fromkeys(("answers", "audit rows", "facts"), whole)
    if lost:
        kept[lost] -= 1
    return bench_notices._report([confirmed], [empty], kept, FAMILIES, is_judged=is_judged)


def test_a_quarter_holds_and_less_does_not(capsys):
    assert _report(250, 1000) == 0
    assert "held; the aim is 0.35" in capsys.readouterr().out
    assert _report(350, 1000) == 0
    assert "the aim too" in capsys.readouterr().out
    assert _report(249, 1000) == 1
    assert "NOT held" in capsys.readouterr().out


def test_at_a_small_size_only_the_answers_are_judged(capsys):
    assert _report(10, 1000, is_judged=False) == 0
    assert "not judged at this size" in capsys.readouterr().out


@pytest.mark.parametrize("lost", ["answers", "audit rows", "facts"])
def test_what_is_lost_fails_at_every_size(capsys, lost):
    assert _report(900, 1000, lost=lost, is_judged=False) == 1
    assert "LOST" in capsys.readouterr().out


def test_a_machine_without_postgresql_is_told_so(monkeypatch, capsys):
    import bench_notices
    import postgres

    monkeypatch.setenv("SIZE", "0.01")
    monkeypatch.setattr(postgres, "find_binaries", lambda: None)
    assert bench_notices.main() == 0
    assert "PostgreSQL is not installed here" in capsys.readouterr().out


def _server_that_says(answer: bytes) -> int:
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line, _who = door.accept()
        with line, door:
            while line.recv(65536):
                line.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return door.getsockname()[1]


def test_another_answer_than_is_wanted_ends_the_bench():
    from confirming.asking import Link, WrongAnswer, asked, rate_of

    port = _server_that_says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    assert rate_of(port, asked(port, [Link("/empty/")] * 5), 1, wanted=200) > 0
    port = _server_that_says(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno")
    with pytest.raises(WrongAnswer, match="400"):
        rate_of(port, asked(port, [Link("/empty/")] * 5), 1, wanted=302)
