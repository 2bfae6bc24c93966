"""A provider on 127.0.0.1 that behaves like the documents of OpenID Connect, weixin and WeCom."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Local:
    """Who is signed in at the provider, and what it was asked. Codes are used once; `faults` makes
    one answer wrong in a named way."""

    CLIENT, SECRET, AGENT = "gongyu", "its-secret", "1000002"

    def __init__(self) -> None:
        self.base = ""
        self.person = {
            "sub": "u-1",
            "phone_number": "+86 138 0000 0002",
            "phone_number_verified": True,
        }
        self.mobile, self.parent, self.openid = "13800000002", "mother-1", "o-1"
        self.codes: dict[str, dict] = {}
        self.faults: set[str] = set()

    def authorise(self, address: str) -> tuple[str, str]:
        """What the person's browser does at the provider: agree, and be sent back with code and
        state. Returns the address of the way back, and its state."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        code = f"code-{len(self.codes) + 1}"
        self.codes[code] = asked
        where = asked["redirect_uri"]
        return f"{where}?code={code}&state={asked['state']}", asked["state"]

    def answer(self, method: str, path: str, query: dict, form: dict, bearer: str):
        pages = {
            "/.well-known/openid-configuration": self._discovery,
            "/token": self._token,
            "/userinfo": self._userinfo,
            "/sns/oauth2/access_token": self._weixin,
            "/cgi-bin/gettoken": self._wecom_token,
            "/cgi-bin/school/getuserinfo": self._wecom_who,
            "/cgi-bin/school/user/get": self._wecom_user,
        }
        if "silent" in self.faults or path not in pages:
            return 503, {}
        return pages[path](query, form, bearer)

    def _discovery(self, query, form, bearer):
        issuer = "https://somebody.else" if "issuer" in self.faults else self.base
        return 200, {
            "issuer": issuer,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "userinfo_endpoint": f"{self.base}/userinfo",
        }

    def _token(self, query, form, bearer):
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        known = form.get("client_id") == self.CLIENT and form.get("client_secret") == self.SECRET
        if asked is None or not known or shown != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        told = {
            "iss": self.base,
            "aud": "another" if "audience" in self.faults else self.CLIENT,
            "sub": self.person["sub"],
            "nonce": "old" if "nonce" in self.faults else asked["nonce"],
        }
        body = base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
        return 200, {"access_token": "at-1", "token_type": "Bearer", "id_token": f"e30.{body}.c2ln"}

    def _userinfo(self, query, form, bearer):
        if bearer != "Bearer at-1":
            return 401, {}
        return 200, {**self.person, **({"sub": "u-2"} if "mixed" in self.faults else {})}

    def _weixin(self, query, form, bearer):
        asked = self.codes.pop(query.get("code", ""), None)
        if asked is None or query.get("appid") != self.CLIENT or query.get("secret") != self.SECRET:
            return 200, {"errcode": 40029, "errmsg": "invalid code"}
        return 200, {
            "access_token": "wx",
            "expires_in": 7200,
            "openid": self.openid,
            "scope": "snsapi_base",
        }

    def _wecom_token(self, query, form, bearer):
        if query.get("corpid") != self.CLIENT or query.get("corpsecret") != self.SECRET:
            return 200, {"errcode": 40001, "errmsg": "invalid credential"}
        return 200, {"errcode": 0, "errmsg": "ok", "access_token": "wc", "expires_in": 7200}

    def _wecom_who(self, query, form, bearer):
        if query.get("access_token") != "wc" or self.codes.pop(query.get("code", ""), None) is None:
            return 200, {"errcode": 40029, "errmsg": "invalid code"}
        if "teacher" in self.faults:
            return 200, {"errcode": 0, "errmsg": "ok", "UserId": "zhou"}
        return 200, {"errcode": 0, "errmsg": "ok", "parent_userid": self.parent}

    def _wecom_user(self, query, form, bearer):
        if query.get("userid") != self.parent:
            return 200, {"errcode": 60111, "errmsg": "userid not found"}
        child = {"student_userid": "s-1", "relation": "妈妈", "name": "某某"}
        parent = {
            "parent_userid": self.parent,
            "mobile": self.mobile,
            "is_subscribe": 1,
            "children": [child],
        }
        return 200, {"errcode": 0, "errmsg": "ok", "user_type": 2, "parent": parent}


@contextmanager
def local_provider() -> Iterator[Local]:
    """The provider, listening until the end of the block."""
    local = Local()

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            form = parse_qs(self.rfile.read(length).decode())
            status, told = local.answer(
                self.command,
                parts.path,
                {name: values[0] for name, values in parse_qs(parts.query).items()},
                {name: values[0] for name, values in form.items()},
                self.headers.get("Authorization", ""),
            )
            body = json.dumps(told, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _reply

        def log_message(self, *args) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    local.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield local
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
