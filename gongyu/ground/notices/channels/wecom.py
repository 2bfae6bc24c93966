"""WeCom's 学校通知 (developer.work.weixin.qq.com, documents 91609, 91039, 92337), to one parent each,
and the parents that its address book knows.

Its own check for doubles (the same request within four hours arrives once) makes a second hand-over of
one message harmless for that long; it cannot be asked what became of one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.cache import cache

from gongyu.ground.secrets.fields import decrypt, digest, encrypt

from .gateway import _json
from .message import Answer, Message, Outcome
from .speaking import Silent, client

_TOKEN_OVER = frozenset({40001, 40014, 42001})
_BUSY = {-1: 60, 45009: 3600, 45033: 60, 45011: 60}  # errcode: seconds to wait
_NOBODY = frozenset({40003, 40096, 46004, 60111, 60121, 81013, 84061})
_NOT_ALLOWED = frozenset({40013, 48002, 60011, 60020, 301002})
_DOUBLES_SECONDS = 4 * 3600
_HOUR = 3600
_CLASS = 1  # the type of a department that is a class; years and schools above it hold no parents


class NotTaken(Exception):
    """WeCom said no before anything was sent; `answer` says what that means."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class WeCom:
    """One school's or district's WeCom. A message's address is the parent's `parent_userid`."""

    name: str
    corp: str
    secret: str = field(repr=False)
    agent: int = 0
    address: str = "https://qyapi.weixin.qq.com"
    timeout: float = 8.0
    path: str = "wecom"

    def send(self, message: Message) -> Answer:
        if not message.address:
            return self._says(Outcome.REFUSED, "no_address")
        try:
            if not self._follows(message.address):
                return self._says(Outcome.REFUSED, "not_subscribed")
            return self._hand_over(message)
        except NotTaken as no:
            return no.answer

    def _hand_over(self, message: Message) -> Answer:
        words = f"{message.words}\n{message.link}" if message.link else message.words
        body = {
            "to_parent_userid": [message.address],
            "msgtype": "text",
            "agentid": self.agent,
            "text": {"content": words},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _DOUBLES_SECONDS,
        }
        told = self._ask("POST", "/cgi-bin/externalcontact/message/send", body, sending=True)
        invalid = [one.casefold() for one in told.get("invalid_parent_userid") or []]
        if message.address.casefold() in invalid:
            return self._says(Outcome.REFUSED, "bad_address")
        return self._says(Outcome.SENT, reference=message.key)

    def parents(self) -> dict[str, str]:
        """{telephone: parent_userid} of every parent in a class of the school's address book who
        follows its notices (documents 92343, 92446). Raises NotTaken; half a book is none."""
        found: dict[str, str] = {}
        told = self._ask("GET", "/cgi-bin/school/department/list")
        classes = [one["id"] for one in told.get("departments") or [] if one.get("type") == _CLASS]
        for number in classes:
            told = self._ask("GET", "/cgi-bin/school/user/list_parent", department_id=number)
            for parent in told.get("parents") or []:
                if parent.get("is_subscribe") == 1 and parent.get("mobile"):
                    found[str(parent["mobile"])] = str(parent["parent_userid"])
        return found

    def _follows(self, parent: str) -> bool:
        """Has the parent subscribed to the school's notices? Kept for an hour, by a digest."""
        place = f"wecom-follows:{digest('wecom', self.corp + parent)}"
        known = cache.get(place)
        if known is None:
            told = self._ask("GET", "/cgi-bin/school/user/get", userid=parent)
            known = (told.get("parent") or {}).get("is_subscribe") == 1
            # Whoever subscribes is reached at once; whoever has is believed for an hour.
            if known:
                cache.set(place, known, _HOUR)
        return known

    def _ask(
        self, method: str, path: str, body: dict | None = None, *, sending: bool = False, **query
    ) -> dict:
        """The answer of one call, with a fresh token where the old one was over. Raises NotTaken."""
        for fresh in (False, True):
            told = self._speak(
                method, path, body, sending=sending, access_token=self._token(fresh=fresh), **query
            )
            code = told.get("errcode", 0)
            if code not in _TOKEN_OVER:
                break
        if code:
            raise NotTaken(self._meaning(code))
        return told

    def _meaning(self, code: int) -> Answer:
        if code in _BUSY:
            return self._says(Outcome.LATER, f"wecom_{code}", again_after=_BUSY[code])
        if code in _NOBODY:
            return self._says(Outcome.REFUSED, "bad_address")
        if code in _NOT_ALLOWED or code in _TOKEN_OVER:
            return self._says(Outcome.REFUSED, "not_allowed")
        return self._says(Outcome.REFUSED, "rejected")

    def _token(self, *, fresh: bool) -> str:
        """The access token, kept encrypted until a little before it ends."""
        place, column = f"wecom-token:{digest('wecom', self.corp + self.secret)}", "wecom.token"
        kept = None if fresh else cache.get(place)
        if kept is not None:
            return decrypt(kept, column)
        told = self._speak(
            "GET", "/cgi-bin/gettoken", None, corpid=self.corp, corpsecret=self.secret
        )
        if told.get("errcode", 0):
            raise NotTaken(self._meaning(told["errcode"]))
        token = str(told.get("access_token", ""))
        cache.set(place, encrypt(token, column), max(int(told.get("expires_in", 0)) - 300, 60))
        return token

    def _speak(
        self, method: str, path: str, body: dict | None, *, sending: bool = False, **query
    ) -> dict:
        try:
            with client(self.timeout) as line:
                answer = line.speak(method, self.address + path, params=query, json=body)
        except Silent as silent:
            heard = silent.heard and sending
            outcome = Outcome.UNKNOWN if heard else Outcome.LATER
            raise NotTaken(self._says(outcome, silent.reason)) from None
        if answer.status_code != 200:
            outcome = Outcome.UNKNOWN if sending else Outcome.LATER
            raise NotTaken(self._says(outcome, f"http_{answer.status_code}"))
        return _json(answer)

    def ask(self, key: str) -> Answer:
        return self._says(Outcome.UNKNOWN, "cannot_say")

    def _says(self, outcome: Outcome, reason: str = "", **told) -> Answer:
        return Answer(outcome, reason=reason, channel=self.name, **told)
