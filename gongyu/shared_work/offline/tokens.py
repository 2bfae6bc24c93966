"""Tokens: how a device names a pupil without the number under which the database keeps it."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import token_urlsafe

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from gongyu.ground.secrets.fields import digest

from .declared import Sealing


def new_code() -> str:
    return token_urlsafe(18)


def sealing(code: str) -> Sealing:
    """Tokens for one kit. Packed again, a kit has the same tokens, so that what was half typed
    still fits; another kit has others."""
    cipher = _cipher(code)

    def sealed(kind: str, pk: int) -> str:
        closed = cipher.encrypt(f"{kind}.{pk}".encode(), None)
        return urlsafe_b64encode(closed).decode().rstrip("=")

    return sealed


def unsealed(code: str, kind: str, token: str) -> int | None:
    """The id that a token of this kit stands for; None for any other text."""
    try:
        closed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        told, _dot, pk = _cipher(code).decrypt(closed, None).decode().partition(".")
    except (InvalidTag, ValueError):
        return None
    return int(pk) if told == kind and pk.isdecimal() else None


def _cipher(code: str) -> AESSIV:
    # A key of its own for each kit, from the key file: the database alone opens no token.
    return AESSIV(bytes.fromhex(digest("offline-token", code)))
