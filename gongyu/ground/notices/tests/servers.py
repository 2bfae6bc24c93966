"""Real servers on 127.0.0.1 that behave as the documents say, and misbehave as they are told."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

from gongyu.ground.notices.channels.gateway import signature


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address) -> None:
        """A client that hung up is what the tests are about."""


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_args) -> None:
        """Quiet."""

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def say(self, status: int, told: dict, **headers) -> None:
        text = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        self.server.house.answer(self, "GET", b"")

    def do_POST(self) -> None:
        self.server.house.answer(self, "POST", self._body())


class House:
    """What every server has: an address, and manners for the next requests, one after the other."""

    def __init__(self) -> None:
        self.manners: list[str] = []
        self.asked: list[tuple[str, str]] = []

    def next_manner(self) -> str:
        return self.manners.pop(0) if self.manners else "good"


class GatewayHouse(House):
    """An SMS or voice gateway by docs/channels.md: it knows keys, signs and checks signatures."""

    secret = "a-secret-of-both-sides"

    def __init__(self) -> None:
        super().__init__()
        self.telephones: dict[str, list[dict]] = defaultdict(list)
        self.taken: dict[str, str] = {}
        self.patience = 0.6

    def answer(self, handler: _Handler, method: str, body: bytes) -> None:
        path = urlsplit(handler.path).path
        self.asked.append((method, path))
        stamp = handler.headers.get("X-Gongyu-Time", "")
        if signature(self.secret, stamp, path, body) != handler.headers.get("X-Gongyu-Signature"):
            handler.say(401, {"error": "signature"})
        elif method == "GET":
            self._state(handler, path.rpartition("/")[2])
        else:
            self._take(handler, json.loads(body), self.next_manner())

    def _state(self, handler: _Handler, key: str) -> None:
        if self.next_manner() == "down":
            handler.say(503, {})
        elif key in self.taken:
            handler.say(200, {"state": "delivered", "id": self.taken[key]})
        else:
            handler.say(404, {"state": "unknown_key"})

    def _take(self, handler: _Handler, told: dict, manner: str) -> None:
        if manner == "down":
            handler.say(503, {}, Retry_After="7")
        elif manner == "limit":
            handler.say(429, {}, Retry_After="90")
        elif manner in {"bad_number", "opted_out"}:
            handler.say(422, {"error": manner})
        elif manner == "content":
            handler.say(400, {"error": "content"})
        elif manner == "silent":
            time.sleep(self.patience)
        else:
            known = told["key"] in self.taken
            if not known:
                self.taken[told["key"]] = f"g{len(self.taken)}"
                self.telephones[told["to"]].append(told)
            self._after(handler, manner, 409 if known else 202, self.taken[told["key"]])

    def _after(self, handler: _Handler, manner: str, status: int, number: str) -> None:
        if manner == "took_and_fell_silent":
            time.sleep(self.patience)
        elif manner == "took_and_failed":
            handler.say(500, {})
        elif manner == "took_and_babbled":
            handler.wfile.write(b"HTTP/1.1 2xx ???\r\n\r\n")
        else:
            handler.say(status, {"id": number})


class WeComHouse(House):
    """WeCom's token, its directory of parents and its notices."""

    def __init__(self) -> None:
        super().__init__()
        self.parents = {"mother": 1, "grandmother": 0}
        # {class: {parent: telephone}}; the year above holds nobody.
        self.classes: dict[int, dict[str, str]] = {}
        self.token, self.tokens = "t0", 0
        self.sent: list[dict] = []

    def answer(self, handler: _Handler, method: str, body: bytes) -> None:
        url = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.asked.append((method, url.path))
        if url.path == "/cgi-bin/gettoken":
            self._token(handler, query)
        elif query.get("access_token") != self.token:
            handler.say(200, {"errcode": 42001, "errmsg": "access_token expired"})
        elif url.path == "/cgi-bin/school/user/get":
            self._parent(handler, query["userid"])
        elif url.path == "/cgi-bin/school/department/list":
            year = {"id": 2, "type": 2, "name": "一年级", "parentid": 1}
            rows = [{"id": n, "type": 1, "parentid": 2} for n in self.classes]
            self._done(handler, {"departments": [year, *rows]})
        elif url.path == "/cgi-bin/school/user/list_parent":
            self._parents(handler, int(query["department_id"]), self.next_manner())
        elif url.path == "/cgi-bin/externalcontact/message/send":
            self._send(handler, json.loads(body), self.next_manner())

    def _token(self, handler: _Handler, query: dict) -> None:
        if query.get("corpsecret") != "corp-secret":
            handler.say(200, {"errcode": 40001, "errmsg": "invalid credential"})
            return
        self.tokens += 1
        self.token = f"t{self.tokens}"
        handler.say(200, {"errcode": 0, "access_token": self.token, "expires_in": 7200})

    def _parent(self, handler: _Handler, parent: str) -> None:
        if parent not in self.parents:
            handler.say(200, {"errcode": 60111, "errmsg": "userid not found"})
            return
        told = {"parent_userid": parent, "is_subscribe": self.parents[parent]}
        handler.say(200, {"errcode": 0, "user_type": 2, "parent": told})

    def _parents(self, handler: _Handler, number: int, manner: str) -> None:
        if manner == "limit":
            handler.say(200, {"errcode": 45009, "errmsg": "api freq out of limit"})
            return
        rows = [
            {"parent_userid": name, "mobile": phone, "is_subscribe": self.parents.get(name, 0)}
            for name, phone in self.classes[number].items()
        ]
        self._done(handler, {"parents": rows})

    def _send(self, handler: _Handler, told: dict, manner: str) -> None:
        if manner == "limit":
            handler.say(200, {"errcode": 45009, "errmsg": "api freq out of limit"})
        elif manner == "busy":
            handler.say(200, {"errcode": -1, "errmsg": "system busy"})
        elif manner == "invalid":
            self._done(handler, {"invalid_parent_userid": told["to_parent_userid"]})
        else:
            if told not in self.sent:
                self.sent.append(told)
            if manner == "took_and_fell_silent":
                time.sleep(0.6)
            elif manner == "took_and_failed":
                handler.say(502, {})
            else:
                self._done(handler, {})

    def _done(self, handler: _Handler, told: dict) -> None:
        handler.say(200, {"errcode": 0, "errmsg": "ok", **told})


@contextmanager
def serving(house: House) -> Iterator[str]:
    """The house on a free port; its address."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.house = house
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class PostOffice:
    """An SMTP server's manners; letters are kept as they came."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, bytes]] = []
        self.manner = "good"

    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = {"nobody": "550 no such user", "greylist": "451 try later"}.get(self.manner)
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        import asyncio

        if self.manner == "content":
            return "554 refused"
        if self.manner == "full":
            return "452 no room"
        self.letters.append((envelope.rcpt_tos[0], envelope.content))
        if self.manner == "took_and_fell_silent":
            await asyncio.sleep(1.2)
        if self.manner == "took_and_hung_up":
            server.transport.close()
        return "250 taken"


@contextmanager
def post_office() -> Iterator[tuple[PostOffice, int]]:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield office, controller.port
    finally:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
