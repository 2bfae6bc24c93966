"""Requests over connections that stay open, as bare bytes: the asker must take less than the server."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from urllib.parse import urlencode

WAITS = 30.0


@dataclass(frozen=True)
class Link:
    """An address, and for an answer what is posted to it."""

    path: str
    answer: str = ""


class WrongAnswer(RuntimeError):
    """The server said something else than was wanted."""


def asked(port: int, links: list[Link]) -> list[bytes]:
    """The requests as bytes. The token against forgery comes of one page that was really opened; it
    serves all, as one telephone's would."""
    cookie = token = ""
    first = next((link for link in links if link.answer), None)
    if first is not None:
        cookie, token = _opened(port, first.path)
    return [_request(link, cookie, token) for link in links]


def _opened(port: int, path: str) -> tuple[str, str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=WAITS)
    line.request("GET", path)
    page = line.getresponse()
    if page.status != 200:
        raise WrongAnswer(f"{path}: {page.status}")
    cookie = page.getheader("Set-Cookie", "").split(";")[0]
    hidden = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    line.close()
    return cookie, hidden[1]


def _request(link: Link, cookie: str, token: str) -> bytes:
    if not link.answer:
        return f"GET {link.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    body = urlencode({"csrfmiddlewaretoken": token, "answer": link.answer})
    return (
        f"POST {link.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def rate_of(port: int, requests: list[bytes], connections: int, *, wanted: int) -> float:
    """Requests a second over so many connections at once. Raises WrongAnswer."""
    waiting, wrong = deque(requests), []
    at_once = [
        threading.Thread(target=_ask, args=(port, waiting, f" {wanted} ".encode(), wrong))
        for _ in range(connections)
    ]
    start = time.perf_counter()
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    span = time.perf_counter() - start
    if wrong:
        raise WrongAnswer(wrong[0])
    return len(requests) / span


def _ask(port: int, waiting: deque[bytes], wanted: bytes, wrong: list[str]) -> None:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=WAITS) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not wrong:
                try:
                    request = waiting.popleft()
                except IndexError:
                    return
                line.sendall(request)
                head = _read(line)
                if wanted not in head.split(b"\r\n", 1)[0]:
                    wrong.append(head.decode(errors="replace")[:400])
    except OSError as error:
        wrong.append(f"the connection broke: {error}")


def _read(line: socket.socket) -> bytes:
    """One answer to its end; returns its head."""
    data = line.recv(65536)
    while b"\r\n\r\n" not in data:
        data += _more(line)
    head, _between, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    left = (int(length[1]) if length else 0) - len(body)
    while left > 0:
        left -= len(_more(line))
    return head


def _more(line: socket.socket) -> bytes:
    found = line.recv(65536)
    if not found:
        raise OSError("closed in the middle of an answer")
    return found
