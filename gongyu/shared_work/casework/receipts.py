"""The receipt that the reporter alone holds: made from the key file, so the database opens none."""

from __future__ import annotations

from base64 import b32encode

from gongyu.ground.secrets.fields import digest

LENGTH = 24  # base32 characters: 120 bits


def receipt_for(token: str, salt: str) -> str:
    """The receipt of a report, again and again the same: `abcd-efgh-…`, six groups of four."""
    raw = bytes.fromhex(digest("report-receipt", f"{token}.{salt}"))
    letters = b32encode(raw)[:LENGTH].decode().lower()
    return "-".join(letters[i : i + 4] for i in range(0, LENGTH, 4))


def digest_of(receipt: str) -> str:
    """What the database keeps. Capital letters, spaces and missing dashes do no harm."""
    return digest("report-receipt-kept", "".join(c for c in receipt.lower() if c.isalnum()))
