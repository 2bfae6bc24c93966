"""A text column that is encrypted at rest. It fails closed: what cannot be opened raises."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

from .keys import load_keys

_NONCE_BYTES = 12


class SecretUnreadable(ValueError):
    """A stored secret was made with another key, or was changed."""


@lru_cache(maxsize=4)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def encrypt(text: str) -> bytes:
    """AES-256-GCM of `text`; the empty string stays empty (nothing to hide, easy to ask for)."""
    if not text:
        return b""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(load_keys(settings.KEYS_FILE).fields).encrypt(nonce, text.encode(), None)


def decrypt(stored: bytes) -> str:
    """The text again. Raises SecretUnreadable."""
    if not stored:
        return ""
    try:
        opened = _cipher(load_keys(settings.KEYS_FILE).fields).decrypt(
            stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], None
        )
    except (InvalidTag, ValueError) as error:
        raise SecretUnreadable("A secret column cannot be opened with this key file.") from error
    return opened.decode()


def digest(kind: str, text: str) -> str:
    """A keyed digest (hex, 64) by which a secret can be found again; `kind` keeps columns apart."""
    key = load_keys(settings.KEYS_FILE).digest
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


class SecretField(models.Field):
    """Stores text encrypted in a binary column; Python sees the text."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value, connection, prepared=False):
        if value is None or isinstance(value, bytes):
            return value
        return connection.Database.Binary(encrypt(value))

    def from_db_value(self, value, expression, connection):
        return None if value is None else decrypt(bytes(value))

    def value_to_string(self, obj):
        raise SecretUnreadable("Secret columns are not serialised.")
