"""Sign-in elsewhere: an OpenID Connect provider such as a city's 渝快办, weixin, and WeCom's 家校应用.

Each answers with a verified number or a lasting identifier, never with a carer: that is the roster's
to say. Small clients of our own, because a carer has no account for a library to fill.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils.translation import gettext_lazy as _

TIMEOUT = 8  # seconds; a family waits no longer for somebody else's machine
LARGEST_ANSWER = 256 * 1024
WEIXIN_PAGES, WEIXIN_API = "https://open.weixin.qq.com", "https://api.weixin.qq.com"
WECOM_API = "https://qyapi.weixin.qq.com"


class SignInFailed(Exception):
    """The provider refused, was silent, or said something that is no sign-in. `args[0]` is a code of
    ours; what the provider said is not repeated anywhere."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a provider vouches for: a verified telephone number, or nothing but who it is there."""

    subject: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent along when the family left for the provider; comes back from the session."""

    state: str
    nonce: str
    verifier: str
    callback: str

    @classmethod
    def fresh(cls, callback: str) -> Asked:
        return cls(
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(48),
            callback,
        )


@dataclass(frozen=True, slots=True)
class OpenId:
    """OpenID Connect: authorization code with PKCE; the number from the claims phone_number and
    phone_number_verified (OIDC Core 5.1). The ID token comes from the token endpoint itself over TLS,
    which vouches for it (3.1.3.7, 6)."""

    code: str
    name: str
    issuer: str
    client: str
    secret: str

    def address(self, asked: Asked) -> str:
        challenge = hashlib.sha256(asked.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": asked.callback,
            "scope": "openid phone",
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self._endpoint('authorization_endpoint')}?{urlencode(query)}"

    def proof(self, code: str, asked: Asked) -> Proof:
        answer = _asked(
            self._endpoint("token_endpoint"),
            form={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": asked.callback,
                "client_id": self.client,
                "client_secret": self.secret,
                "code_verifier": asked.verifier,
            },
        )
        told = _claims(answer.get("id_token", ""))
        audience = told.get("aud")
        of_us = self.client in (audience if isinstance(audience, list) else [audience])
        if told.get("iss") != self.issuer or told.get("nonce") != asked.nonce or not of_us:
            raise SignInFailed("not_for_us")
        person = _asked(
            self._endpoint("userinfo_endpoint"), bearer=str(answer.get("access_token", ""))
        )
        # Whoever mixes up two answers would let one person in as another (OIDC Core 5.3.2).
        if not told.get("sub") or person.get("sub") != told["sub"]:
            raise SignInFailed("another_person")
        verified = person.get("phone_number_verified") is True
        return Proof(str(told["sub"]), str(person.get("phone_number", "")) if verified else "")

    def _endpoint(self, name: str) -> str:
        told = _asked(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != self.issuer or not isinstance(told.get(name), str):
            raise SignInFailed("not_the_issuer")
        return told[name]


@dataclass(frozen=True, slots=True)
class Weixin:
    """Weixin's page authorisation (snsapi_base): it knows who somebody is there and no number."""

    code: str
    name: str
    client: str
    secret: str
    pages: str = WEIXIN_PAGES
    api: str = WEIXIN_API

    def address(self, asked: Asked) -> str:
        return _weixin_page(self.pages, self.client, asked)

    def proof(self, code: str, asked: Asked) -> Proof:
        query = {
            "appid": self.client,
            "secret": self.secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        told = _weixin_answer(f"{self.api}/sns/oauth2/access_token?{urlencode(query)}")
        subject = told.get("unionid") or told.get("openid")
        if not subject:
            raise SignInFailed("nobody")
        return Proof(str(subject))


@dataclass(frozen=True, slots=True)
class WeCom:
    """WeCom's 家校应用: who opened the page is a parent of the school's address book, whose mobile
    number it gives."""

    code: str
    name: str
    client: str
    secret: str
    agent: str
    pages: str = WEIXIN_PAGES
    api: str = WECOM_API

    def address(self, asked: Asked) -> str:
        return _weixin_page(self.pages, self.client, asked, agentid=self.agent)

    def proof(self, code: str, asked: Asked) -> Proof:
        query = {"corpid": self.client, "corpsecret": self.secret}
        token = _weixin_answer(f"{self.api}/cgi-bin/gettoken?{urlencode(query)}").get(
            "access_token"
        )
        if not token:
            raise SignInFailed("no_token")
        who = self._call("school/getuserinfo", access_token=str(token), code=code)
        parent = who.get("parent_userid")
        if not parent:
            raise SignInFailed("no_parent")
        told = self._call("school/user/get", access_token=str(token), userid=str(parent))
        if told.get("user_type") != 2 or not isinstance(told.get("parent"), dict):
            raise SignInFailed("no_parent")
        return Proof(f"{self.client}:{parent}", str(told["parent"].get("mobile", "")))

    def _call(self, what: str, **query: str) -> dict[str, Any]:
        return _weixin_answer(f"{self.api}/cgi-bin/{what}?{urlencode(query)}")


Provider = OpenId | Weixin | WeCom
_KINDS: dict[str, type[Provider]] = {"oidc": OpenId, "weixin": Weixin, "wecom": WeCom}
NAMES = {"oidc": _("统一身份"), "weixin": _("微信"), "wecom": _("企业微信")}


def providers() -> dict[str, Provider]:
    """{code: provider} as the operator configured them; none by default."""
    return {
        code: _KINDS[code](code=code, **{"name": str(NAMES[code]), **about})
        for code, about in settings.FAMILY_SIGN_IN.items()
    }


def _weixin_page(pages: str, client: str, asked: Asked, **more: str) -> str:
    # Weixin wants the parameters in this order, and the mark at the end.
    query = {
        "appid": client,
        "redirect_uri": asked.callback,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": asked.state,
        **more,
    }
    return f"{pages}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"


def _weixin_answer(url: str) -> dict[str, Any]:
    told = _asked(url)
    # Success has no errcode, or 0.
    if told.get("errcode", 0) != 0:
        raise SignInFailed("refused")
    return told


def _asked(url: str, *, form: dict[str, str] | None = None, bearer: str = "") -> dict[str, Any]:
    """The provider's JSON answer. Raises SignInFailed for anything else."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname != "127.0.0.1":
        raise SignInFailed("not_https")
    headers = {"Accept": "application/json"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    data = urlencode(form).encode() if form is not None else None
    try:
        # The scheme was looked at just above.
        with urlopen(Request(url, data, headers), timeout=TIMEOUT) as answer:  # noqa: S310
            told = json.loads(answer.read(LARGEST_ANSWER))
    except (URLError, OSError, ValueError) as fault:
        raise SignInFailed("no_answer") from fault
    if not isinstance(told, dict):
        raise SignInFailed("no_answer")
    return told


def _claims(token: str) -> dict[str, Any]:
    """What an ID token says; its signature is not needed where it comes from (see OpenId)."""
    parts = token.split(".") if isinstance(token, str) else []
    if len(parts) != 3:
        raise SignInFailed("no_id_token")
    try:
        told = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError as fault:
        raise SignInFailed("no_id_token") from fault
    return told if isinstance(told, dict) else {}
