"""Codes and link tokens of sign-in: made from the key file, so that the database alone opens none."""

from __future__ import annotations

import hmac
from base64 import b32encode
from datetime import timedelta

from gongyu.ground.secrets.fields import digest

SENT_DIGITS, PRINTED_DIGITS = 6, 12
SENT_LASTS = timedelta(minutes=10)
PRINTED_LASTS = timedelta(days=14)
MOST_WRONG = 5
FORGOTTEN_AFTER = timedelta(days=30)
_TOKEN_LETTERS = 24  # base32 characters: 120 bits


def code_from(salt: str, digits: int) -> str:
    """The digits of a code, again and again the same for its salt."""
    return str(int(digest("family-code", salt), 16) % 10**digits).zfill(digits)


def token_from(salt: str) -> str:
    """The token of the link that does the same as the code, six groups of four letters."""
    letters = b32encode(bytes.fromhex(digest("family-token", salt)))[:_TOKEN_LETTERS]
    text = letters.decode().lower()
    return "-".join(text[i : i + 4] for i in range(0, _TOKEN_LETTERS, 4))


def only_digits(text: str) -> str:
    """What was typed without blanks and dashes; full-width digits are digits."""
    return "".join(str(int(c)) for c in text if c.isdecimal())


def digest_of_code(code: str, phone_digest: str = "") -> str:
    """What the database keeps of a code; a sent one opens for its number alone."""
    return digest("family-code-kept", f"{phone_digest}:{code}")


def digest_of_token(token: str) -> str:
    return digest("family-token-kept", token.replace("-", "").strip().lower())


def same(one: str, other: str) -> bool:
    """Whether two digests are the same, in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def grouped(code: str) -> str:
    """A long code as it stands on paper: 1234 5678 9012."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def digest_of_subject(provider: str, subject: str) -> str:
    """What the database keeps of who somebody is at a provider."""
    return digest("family-identity", f"{provider}:{subject}")
