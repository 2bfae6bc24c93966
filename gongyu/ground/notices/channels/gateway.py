"""SMS and voice over an HTTP gateway: the contract is in docs/channels.md, an operator's gateway or a
small adapter before it speaks it. The key of a message makes a second hand-over harmless there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field

import httpx

from .message import Answer, Message, Outcome
from .speaking import Silent, after, client

# What the gateway says of an address, and what we call it.
_ADDRESS = {"bad_number": "bad_address", "opted_out": "opted_out", "no_such_user": "bad_address"}
_STATES = {
    "accepted": Outcome.SENT,
    "delivered": Outcome.SENT,
    "failed": Outcome.REFUSED,
    "unknown_key": Outcome.LATER,
}


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway; `secret` signs both ways, so that neither side takes a stranger's word."""

    path: str
    name: str
    address: str
    secret: str = field(repr=False)
    sender: str = ""
    timeout: float = 8.0

    def send(self, message: Message) -> Answer:
        if not message.address:
            return self._says(Outcome.REFUSED, "no_address")
        body = {
            "key": message.key,
            "to": message.address,
            "text": message.words,
            "link": message.link,
            "kind": message.kind,
            "sender": self.sender,
        }
        try:
            answer = self._speak("POST", "/messages", body)
        except Silent as silent:
            # Before it heard us it cannot have taken the message; afterwards it may have.
            return self._says(Outcome.UNKNOWN if silent.heard else Outcome.LATER, silent.reason)
        return self._understood(answer)

    def _understood(self, answer: httpx.Response) -> Answer:
        told = _json(answer)
        if answer.status_code in {200, 202, 409}:
            # 409: it has this key already, which is as good as taken.
            return self._says(Outcome.SENT, reference=str(told.get("id", ""))[:80])
        if answer.status_code in {400, 404, 422}:
            return self._says(Outcome.REFUSED, _ADDRESS.get(told.get("error", ""), "rejected"))
        if answer.status_code in {401, 403}:
            return self._says(Outcome.REFUSED, "not_allowed")
        if answer.status_code in {429, 503}:
            # By contract these two say that nothing was taken.
            return self._says(
                Outcome.LATER, f"http_{answer.status_code}", again_after=after(answer)
            )
        return self._says(Outcome.UNKNOWN, f"http_{answer.status_code}")

    def ask(self, key: str) -> Answer:
        try:
            answer = self._speak("GET", f"/messages/{key}")
        except Silent as silent:
            return self._says(Outcome.UNKNOWN, silent.reason)
        if answer.status_code == 404 and _json(answer).get("state") == "unknown_key":
            return self._says(Outcome.LATER, "never_had_it")
        if answer.status_code != 200:
            return self._says(Outcome.UNKNOWN, f"http_{answer.status_code}")
        told = _json(answer)
        outcome = _STATES.get(told.get("state", ""), Outcome.UNKNOWN)
        reason = ""
        if outcome is Outcome.REFUSED:
            reason = _ADDRESS.get(told.get("error", ""), "not_delivered")
        return self._says(outcome, reason, reference=str(told.get("id", ""))[:80])

    def _speak(self, method: str, path: str, body: dict | None = None) -> httpx.Response:
        text = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Gongyu-Time": stamp,
            "X-Gongyu-Signature": signature(self.secret, stamp, path, text),
        }
        with client(self.timeout) as line:
            return line.speak(method, self.address + path, content=text, headers=headers)

    def _says(self, outcome: Outcome, reason: str = "", **told) -> Answer:
        return Answer(outcome, reason=reason[:24], channel=self.name, **told)


def signature(secret: str, stamp: str, path: str, body: bytes) -> str:
    """HMAC-SHA256 (hex) over time, path and body; the same in both directions."""
    return hmac.digest(secret.encode(), f"{stamp}\n{path}\n".encode() + body, hashlib.sha256).hex()


def _json(answer: httpx.Response) -> dict:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
