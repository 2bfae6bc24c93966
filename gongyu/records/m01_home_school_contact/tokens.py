"""The tokens of one-time links: made from the key file, so that the database alone opens none."""

from __future__ import annotations

from base64 import b32encode

from gongyu.ground.secrets.fields import digest

LENGTH = 24  # base32 characters: 120 bits


def token_for(proposal_id: int, carer_id: int, salt: str) -> str:
    """The token of a link, again and again the same, such as `abcd-efgh-…` (six groups of four)."""
    raw = bytes.fromhex(digest("visit-link", f"{proposal_id}.{carer_id}.{salt}"))
    letters = b32encode(raw)[:LENGTH].decode().lower()
    return "-".join(letters[i : i + 4] for i in range(0, LENGTH, 4))


def digest_of(token: str) -> str:
    """What the database keeps. Capital letters and missing dashes do no harm."""
    return digest("visit-token", token.replace("-", "").strip().lower())
