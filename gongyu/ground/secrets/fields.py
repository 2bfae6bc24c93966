"""A text column that is encrypted at rest. It fails closed: what cannot be opened raises."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact

from .keys import load_keys

_NONCE_BYTES = 12


class SecretUnreadable(ValueError):
    """A stored secret was made with another key, for another column, or was changed."""


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(text: str, column: str) -> bytes:
    """AES-256-GCM of `text` for one column (`table.column`): key number, nonce, text and tag.

    The column is bound in, so that a value moved to another column cannot be opened there. The
    empty string stays empty (nothing to hide, easy to ask for).
    """
    if not text:
        return b""
    keys = load_keys(settings.KEYS_FILE)
    number = keys.writing
    nonce = os.urandom(_NONCE_BYTES)
    closed = _cipher(keys.fields[number]).encrypt(nonce, text.encode(), column.encode())
    return b"%c%b%b" % (number, nonce, closed)


def encrypt_all(texts: Iterable[str], column: str) -> list[bytes]:
    """`encrypt` for a whole column at once, a third of the time: the keys are looked up once."""
    keys = load_keys(settings.KEYS_FILE)
    number, bound = b"%c" % keys.writing, column.encode()
    close, random = _cipher(keys.fields[keys.writing]).encrypt, os.urandom
    closed = []
    for text in texts:
        nonce = random(_NONCE_BYTES)
        closed.append(number + nonce + close(nonce, text.encode(), bound) if text else b"")
    return closed


def decrypt(stored: bytes, column: str) -> str:
    """The text again. Raises SecretUnreadable."""
    if not stored:
        return ""
    key = load_keys(settings.KEYS_FILE).fields.get(stored[0])
    if key is None:
        raise SecretUnreadable(f"{column} needs key number {stored[0]}, which the key file lacks.")
    nonce, closed = stored[1 : 1 + _NONCE_BYTES], stored[1 + _NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, closed, column.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SecretUnreadable(
            f"A value of {column} cannot be opened: it was made with another key file or for "
            "another column, or it was changed."
        ) from error


def digest(kind: str, text: str) -> str:
    """A keyed digest (hex, 64) by which a secret can be found again; `kind` keeps columns apart."""
    key = load_keys(settings.KEYS_FILE).digest
    return hmac.digest(key, f"{kind}:{text}".encode(), hashlib.sha256).hex()


def digests(kind: str, texts: Iterable[str]) -> list[str]:
    """`digest` for many texts; the empty text has none and stays empty."""
    key, start = load_keys(settings.KEYS_FILE).digest, f"{kind}:".encode()
    seal, how = hmac.digest, hashlib.sha256
    return [seal(key, start + text.encode(), how).hex() if text else "" for text in texts]


class _OnlyEmpty(Exact):
    """Two encryptions of one text differ, so a database can only be asked which are empty."""

    def __init__(self, lhs, rhs):
        if rhs != "":
            raise FieldError(
                "A secret column cannot be searched; keep a digest() column beside it."
            )
        super().__init__(lhs, rhs)


class SecretField(models.Field):
    """Stores text encrypted in a binary column; Python sees the text. "" stays "", NULL stays NULL.

    A migration that renames the table or the column writes the values anew, as the name is bound
    into them.
    """

    @property
    def bound_to(self) -> str:
        """The name that is bound into every value of this column."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value, connection, prepared=False):
        if value is None or isinstance(value, bytes):
            return value
        return connection.Database.Binary(encrypt(value, self.bound_to))

    def from_db_value(self, value, expression, connection):
        return None if value is None else decrypt(bytes(value), self.bound_to)

    def get_lookup(self, lookup_name):
        if lookup_name == "exact":
            return _OnlyEmpty
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj):
        raise SecretUnreadable("Secret columns are not serialised.")
