"""The tokens of family links: made from the key file, so that the database alone opens none."""

from __future__ import annotations

from base64 import b32encode

from gongyu.ground.secrets.fields import digest

LENGTH = 24  # base32 characters: 120 bits


def token_for(purpose: str, *parts: int | str) -> str:
    """The token of a link, again and again the same, such as `abcd-efgh-…` (six groups of four).
    `purpose` keeps the links of different pages apart; one of `parts` is the link's own salt."""
    raw = bytes.fromhex(digest(f"{purpose}-link", ".".join(map(str, parts))))
    letters = b32encode(raw)[:LENGTH].decode().lower()
    return "-".join(letters[i : i + 4] for i in range(0, LENGTH, 4))


def digest_of(purpose: str, token: str) -> str:
    """What the database keeps. Capital letters and missing dashes do no harm."""
    return digest(f"{purpose}-token", token.replace("-", "").strip().lower())
