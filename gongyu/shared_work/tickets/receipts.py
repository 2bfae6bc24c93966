"""The number and the secret code of a ticket. The code is made from the key file, so that the
database alone opens none; it stands in bodies only, never in an address, a name or a log."""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b32encode
from datetime import date

from gongyu.ground.secrets.fields import digest

from .shapes import Receipt

LENGTH = 12  # base32 characters: 60 bits, behind a limit of tries
_MIXED_UP = str.maketrans("0189", "olbg")


def new_number(on: date) -> str:
    """Year and month and six drawn digits: it says nothing of how many there are."""
    return f"{on:%y%m}{secrets.randbelow(10**6):06d}"


def code_for(token: str, salt: str) -> str:
    """The code of a ticket, again and again the same: `abcd-efgh-ijkl`."""
    raw = bytes.fromhex(digest("ticket-code", f"{token}.{salt}"))
    letters = b32encode(raw)[:LENGTH].decode().lower()
    return "-".join(letters[i : i + 4] for i in range(0, LENGTH, 4))


def digest_of(number: str, code: str) -> str:
    """What the database keeps: bound to the number, so that a code opens only its own ticket."""
    return digest("ticket-code-kept", f"{number}.{plain_code(code)}")


def plain_number(number: str) -> str:
    """As it is kept. Dashes, spaces and full-width digits do no harm."""
    return "".join(c for c in unicodedata.normalize("NFKC", number) if c.isdecimal())[:12]


def plain_code(code: str) -> str:
    """As it is digested: small letters, and the digits that look like letters read as letters."""
    plain = unicodedata.normalize("NFKC", code).lower()
    return "".join(c for c in plain if c.isascii() and c.isalnum()).translate(_MIXED_UP)[:40]


def shown_number(number: str) -> str:
    """As people read it: `2611-483-720`."""
    return f"{number[:4]}-{number[4:7]}-{number[7:]}"


def receipt_for(number: str, token: str, salt: str) -> Receipt:
    """What the asker gets, however often the same form is sent."""
    return Receipt(number, code_for(token, salt))
